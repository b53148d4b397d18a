"""The pages beside the lessons in JupyterLab: the glossary, where links lead to, and the page for instructors."""

import zipfile

import browser as harness
import nbformat

from gdcourse.commands import notebooks

INSTRUCTORS = notebooks.FOLDER / "instructors.ipynb"


def test_a_link_leads_to_its_entry_in_the_glossary(lab):
    name = "threshold"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"[**{name}**](glossary.ipynb#{name})")])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = lab.text("links.ipynb", nbformat.writes(made), height=900)
    page = notebook.page
    top = f"""() => {{
        const widget = jupyterapp.shell.currentWidget;
        if (!widget?.context?.path?.endsWith("glossary.ipynb")) return null;
        const head = widget.node.querySelector('h2[data-jupyter-id="{name}"], h2[id="{name}"]');
        const panel = widget.node.querySelector(".jp-WindowedPanel-outer");
        return head && head.getBoundingClientRect().top - panel.getBoundingClientRect().top; }}"""
    page.get_by_role("link", name=name).click()  # the first opens the page
    page.wait_for_function(f"() => ({top})() !== null")
    page.evaluate("""() => { for (const one of jupyterapp.shell.widgets("main"))
        if (one.context?.path?.endsWith("links.ipynb")) jupyterapp.shell.activateById(one.id) }""")
    page.get_by_role("link", name=name).click()  # and the next one leads to the entry
    page.wait_for_function(f"() => {{ const y = ({top})(); return y !== null && y > -5 && y < 100 }}")
    assert harness.axe(page, ".jp-RenderedMarkdown") == ""


def test_axe_finds_no_barrier_on_the_page_for_instructors(lab):
    """All sections have one form: one lesson's stands for the others."""
    notebook = nbformat.read(INSTRUCTORS, 4)
    shown = ("# Teach", "# Before", "## 3.", "# A hub")
    notebook.cells = [cell for cell in notebook.cells if cell.source.startswith(shown)]
    assert len(notebook.cells) == len(shown)
    page = lab.text("instructors.ipynb", nbformat.writes(notebook), height=10_000).page
    assert harness.axe(page, ".jp-RenderedMarkdown") == ""


def test_on_binder_the_file_to_take_along_is_a_link_that_downloads_it(lab):
    source = "%env BINDER_LAUNCH_HOST=https://binder\nfrom gdcourse.exercises import progress\nprogress()"
    notebook = lab.notebook([source], height=3000)
    with notebook.page.expect_download() as coming:
        notebook.page.get_by_role("link", name="Download my_gdcourse.zip").click()
    assert coming.value.suggested_filename == "my_gdcourse.zip"
    with zipfile.ZipFile(coming.value.path()) as packed:
        assert {"about.json", "progress.json"} <= set(packed.namelist())
    assert harness.axe(notebook.page, ".jp-RenderedHTMLCommon") == ""
