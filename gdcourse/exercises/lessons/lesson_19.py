"""The exercises of lesson 19."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

# Trace it: the shares of the last batch


def work_of_last_shares(images=7000, batch=128, processes=3):
    """What is left for the last batch, dealt out like cards."""
    last_batch = images % batch
    return [len(range(r, last_batch, processes)) for r in range(processes)]


# Write it: the gradient of the whole batch


def add_up(gradients, sizes):
    """Return the gradient of the whole batch, from the mean gradient of each share."""
    total = sum(size * gradient for gradient, size in zip(gradients, sizes))
    return total / sum(sizes)


def add_up_plain_mean(gradients, sizes):
    """Every share counts alike, the small one as much as the large one. Whose images then weigh too much?"""
    return sum(gradients) / len(gradients)


def add_up_mean_of_the_full(gradients, sizes):
    """The empty shares are left out, and the others count alike. How many images does each come from?"""
    full = [gradient for gradient, size in zip(gradients, sizes) if size]
    return sum(full) / len(full)


def add_up_first_twice(gradients, sizes):
    """The first share is in the sum twice. With what should the sum begin?"""
    return add_up(gradients, sizes) + sizes[0] * gradients[0] / sum(sizes)


def add_up_summed(gradients, sizes):
    """The mean gradients are summed, so with P shares the step is about P times too long. What is to be divided?"""
    return sum(gradients)


def add_up_not_divided(gradients, sizes):
    """That is the sum over all images. By what is a sum divided to make a mean?"""
    return sum(size * gradient for gradient, size in zip(gradients, sizes))


def add_up_by_shares(gradients, sizes):
    """The sum over all images is divided by the number of shares. How many images went into it?"""
    return sum(size * gradient for gradient, size in zip(gradients, sizes)) / len(sizes)


def add_up_by_sizes(gradients, sizes):
    """Each gradient is divided by its size, and it is a mean already. What turns a mean back into a sum?"""
    return sum(gradient / size if size else 0 * gradient for gradient, size in zip(gradients, sizes))


def add_up_sums_given(gradients, sizes):
    """The gradients are added as if they were sums over their images. What was each of them divided by?"""
    return sum(gradients) / sum(sizes)


def add_up_by_the_largest(gradients, sizes):
    """The weights don't add up to 1: each size is divided by the largest one. By what should it be divided?"""
    return sum(size * gradient for gradient, size in zip(gradients, sizes)) / max(sizes)


def add_up_first_only(gradients, sizes):
    """Only the first share counts. Which of the others belong to the batch?"""
    return sizes[0] * gradients[0] / sum(sizes)


def add_up_as_scalars(gradients, sizes):
    """The entries of the gradient are summed up too: one number comes back. Which axis holds the shares?"""
    return np.sum([size * gradient for gradient, size in zip(gradients, sizes)]) / sum(sizes)


def _shares(seed, sizes, numbers):
    """Return random mean gradients for shares of these sizes; an empty share hands in zeros."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=numbers) * (size > 0) for size in sizes], sizes


# Repair a broken one: the rows of a process


def rows_of(rank, processes, n, batch_size, seed):
    """Return a list: for each batch of an epoch, the rows that this process computes."""
    order = np.random.default_rng(seed).permutation(n)
    batches = [order[start : start + batch_size] for start in range(0, n, batch_size)]
    return [batch[rank::processes] for batch in batches]


def rows_of_broken(rank, processes, n, batch_size, seed):
    """Return a list: for each batch of an epoch, the rows that this process computes."""
    order = np.random.default_rng(seed + rank).permutation(n)
    mine = order[rank::processes]
    return [mine[start : start + batch_size] for start in range(0, len(mine), batch_size)]


def rows_of_large_batches(rank, processes, n, batch_size, seed):
    """The order is shared now, but each process cuts batches of full size: how large are they all together?"""
    mine = np.random.default_rng(seed).permutation(n)[rank::processes]
    return [mine[start : start + batch_size] for start in range(0, len(mine), batch_size)]


def rows_of_own_order(rank, processes, n, batch_size, seed):
    """Each process still draws an order of its own, so images meet twice or never. What must all ranks agree on?"""
    return rows_of(rank, processes, n, batch_size, seed + rank)


def rows_of_whole_batches(rank, processes, n, batch_size, seed):
    """Every process computes the whole batch, so nothing is shared. Which rows of it belong to this rank?"""
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def rows_of_the_first(rank, processes, n, batch_size, seed):
    """Every process takes the same rows of a batch. Where does the rank come in?"""
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size][0::processes] for start in range(0, n, batch_size)]


def rows_of_in_a_row(rank, processes, n, batch_size, seed):
    """Whole batches are dealt out to the processes in turn. Between whom is *each* batch to be split?"""
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)][rank::processes]


def rows_of_unshuffled(rank, processes, n, batch_size, seed):
    """The images come in the order of the file. What became of the permutation?"""
    order = np.arange(n)
    return [order[start : start + batch_size][rank::processes] for start in range(0, n, batch_size)]


def rows_of_one_row(rank, processes, n, batch_size, seed):
    """It is one row of each batch. How many rows of it are there for each process?"""
    order = np.random.default_rng(seed).permutation(n)
    batches = [order[start : start + batch_size] for start in range(0, n, batch_size)]
    return [batch[min(rank, len(batch) - 1)] for batch in batches]


def rows_of_in_blocks(rank, processes, n, batch_size, seed):
    """A block of neighbours for each rank would train as well, but here rows are dealt. Which ones does rank r get?"""
    order = np.random.default_rng(seed).permutation(n)
    batches = [order[start : start + batch_size] for start in range(0, n, batch_size)]
    return [np.array_split(batch, processes)[rank] for batch in batches]


def rows_of_small_pieces(rank, processes, n, batch_size, seed):
    """Rounded down, batch_size // processes makes small batches, 6 instead of 7 for three. What is to be cut first?"""
    mine, size = np.random.default_rng(seed).permutation(n)[rank::processes], max(batch_size // processes, 1)
    return [mine[start : start + size] for start in range(0, len(mine), size)]


def rows_of_rounded_up(rank, processes, n, batch_size, seed):
    """Rounded up, batch_size / processes makes larger batches, 9 instead of 7 for three. What is to be cut first?"""
    mine, size = np.random.default_rng(seed).permutation(n)[rank::processes], -(-batch_size // processes)
    return [mine[start : start + size] for start in range(0, len(mine), size)]


def rows_of_rounded(rank, processes, n, batch_size, seed):
    """Rounded, batch_size / processes makes other batches, 6 instead of 7 for three. What is to be cut first?"""
    size = max(round(batch_size / processes), 1)
    mine = np.random.default_rng(seed).permutation(n)[rank::processes]
    return [mine[start : start + size] for start in range(0, len(mine), size)]


def rows_of_equal_parts(rank, processes, n, batch_size, seed):
    """The rows of this rank are cut into parts of about one size. Which of them lie in the same batch of all?"""
    mine = np.random.default_rng(seed).permutation(n)[rank::processes]
    return np.array_split(mine, -(-n // batch_size))


def rows_of_neighbours(rank, processes, n, batch_size, seed):
    """A block of neighbours is taken, as in a full batch; the short last one goes to few. Which rows are rank r's?"""
    order, size = np.random.default_rng(seed).permutation(n), batch_size
    cuts = rank * size // processes, (rank + 1) * size // processes
    return [order[start : start + size][slice(*cuts)] for start in range(0, n, size)]


def rows_of_large_blocks(rank, processes, n, batch_size, seed):
    """A block of neighbours is taken, as large as a full batch asks for, rounded up. Which rows does rank r get?"""
    order, size = np.random.default_rng(seed).permutation(n), -(-batch_size // processes)
    batches = [order[start : start + batch_size] for start in range(0, n, batch_size)]
    return [batch[rank * size : (rank + 1) * size] for batch in batches]


def rows_of_with_gaps(rank, processes, n, batch_size, seed):
    """The slices are shorter than the way from one start to the next, so nobody computes the rows between. Which?"""
    mine, size = np.random.default_rng(seed).permutation(n)[rank::processes], max(batch_size // processes, 1)
    return [mine[start : start + size] for start in range(0, len(mine), batch_size)]


def rows_of_ends_early(rank, processes, n, batch_size, seed):
    """The batches are right, and there are too few: the last ones are missing. How far must start go?"""
    order = np.random.default_rng(seed).permutation(n)
    starts = range(0, len(order[rank::processes]), batch_size)
    return [order[start : start + batch_size][rank::processes] for start in starts]


def rows_of_cut_by_share(rank, processes, n, batch_size, seed):
    """Whole batches of batch_size // processes are shared out, so they are too small. How large is a whole batch?"""
    order, size = np.random.default_rng(seed).permutation(n), max(batch_size // processes, 1)
    return [order[start : start + size][rank::processes] for start in range(0, n, size)]


# Fill the gap: the ring


def sent_by_each(numbers, processes):
    """Return how many numbers each process of a ring sends. All pieces have one size."""
    piece = numbers / processes
    turns = 2 * (processes - 1)
    return turns * piece


def sent_by_each_half(numbers, processes):
    """That is the first lap, after which each process has one finished piece. How do they get the others?"""
    return (processes - 1) * numbers / processes


def sent_by_each_one_turn_more(numbers, processes):
    """A lap has as many turns as pieces here. With two processes and two pieces, how often is one sent on in a lap?"""
    return 2 * processes * numbers / processes


def sent_by_each_one_lap(numbers, processes):
    """That is one lap, with a turn too many. How many laps are there, and how many turns has each?"""
    return processes * numbers / processes


def sent_by_each_minus_one(numbers, processes):
    """Two laps have 2P - 1 turns here. How many turns does one lap have?"""
    return (2 * processes - 1) * numbers / processes


def sent_by_each_two_turns(numbers, processes):
    """Two laps are taken for two turns. In how many turns does a piece go round?"""
    return 2 * numbers / processes


def sent_by_each_all(numbers, processes):
    """That is what all of them send together. How much is it for each?"""
    return 2 * (processes - 1) * numbers


def sent_by_each_no_brackets(numbers, processes):
    """A piece is taken from 2P. How many turns are there, and by what are all of them multiplied?"""
    return 2 * processes - numbers / processes


def sent_by_each_brackets_of_one_lap(numbers, processes):
    """A piece is taken from P. How many turns are there, and by what are all of them multiplied?"""
    return 2 * (processes - numbers / processes)


def sent_by_each_piece_twice(numbers, processes):
    """The piece is in it twice: `turns` has it, and the last line multiplies by it again. What are turns alone?"""
    return 2 * (processes - 1) * (numbers / processes) ** 2


def sent_by_each_two_less(numbers, processes):
    """That is one lap, with a turn too few. How many laps are there, and how many turns has each?"""
    return (processes - 2) * numbers / processes


EXERCISES = [
    Question(
        "last_shares",
        [30, 29, 29],
        why="7,000 - 54 · 128 = 88 images are left, and they are dealt out like cards: 30, 29, 29.",
        hints=[
            "How many images are left when as many full batches as possible are taken?",
            "54 · 128 = 6,912. The rest is the last batch.",
            "Process 0 takes rows 0, 3, 6, … of the 88: who gets the one that is left over?",
        ],
        work=work_of_last_shares,
        mixups={"images": [8000], "batch": [32]},
        mistakes=[
            ([43, 43, 42], "Those are the shares of a full batch. How many images does the last one have?"),
            ([22, 21, 21], "That shares the last batch of 8,000 images. How many images does this epoch have?"),
            ([14, 13, 13], "Those share the 40 images that the last batch lacks. How many does it have?"),
            ([29, 29, 29], "They leave an image to nobody. Who computes the last image?"),
            ([30, 30, 30], "Those share more images than there are. How many are left for the last batch?"),
            ([29, 29, 30], "The sizes are right, the order isn't. Whose turn is it first when cards are dealt?"),
            (
                [29, 30, 29],
                "The middle one has the most here. Who gets the first card, and so the one that is left over?",
            ),
            ([29.333, 29.333, 29.333], "An image can't be cut in three. Who gets the one that is left over?"),
            ([18, 18, 18], "54 is the number of full batches. How many images are left after them?"),
            (
                [30, 30, 28],
                "Dealt out one by one, shares differ by one at most. Which rows does process 2 get?",
            ),
            ([88, 0, 0], "The first process would do it all. Which rows does process 0 take?"),
            ([88, 88, 88], "All of them would compute all 88. Which rows does process 0 take?"),
            ([2334, 2333, 2333], "That shares the whole epoch. How many images does the last batch alone have?"),
        ],
    ),
    Exercise(
        add_up,
        why="A mean times its number is a sum; sums of shares add up to the sum of the batch, divided by its size.",
        hints=[
            "What would the sum over the images of one share be, if you know their mean and their number?",
            "size * gradient is that sum. Add the sums of all shares: zip(gradients, sizes) gives the pairs.",
            "The batch has sum(sizes) images. Divide once, at the end.",
        ],
        cases=[
            ([np.array([2.0, -4.0, 6.0]), np.array([10.0, 5.0, -3.0])], [3, 2]),
            _shares(0, [30, 29, 29], 5),
            _shares(1, [7, 4], 6),
            _shares(2, [2, 5, 3, 9], 4),
            _shares(3, [3, 2, 0], 4),
        ],
        others=[_shares(4, [6], 3), _shares(5, [0, 4], 3)],
        mistakes=[
            add_up_plain_mean,
            add_up_mean_of_the_full,
            add_up_first_twice,
            add_up_summed,
            add_up_not_divided,
            add_up_by_shares,
            add_up_by_sizes,
            add_up_sums_given,
            add_up_by_the_largest,
            add_up_first_only,
            add_up_as_scalars,
        ],
    ),
    Question(
        "shared_step_lines",
        [5, 2, 7, 3, 8, 1, 6],
        why="Same start and same order; own rows, mean, weight; then the sum of all, and the same step for all.",
        hints=[
            "What must all processes agree on before the first batch? Two lines say it.",
            "Then one batch. Each line needs what another one makes: which? One line sets the processes apart.",
            "Allreduce adds up what each hands in, so the weight comes before it.",
        ],
        lines=[
            "add up what all processes hand in: Allreduce",
            "draw the order of the images, with the same seed in every process",
            "compute the mean gradient of these rows",
            "take a step with this process's own gradient",
            "make the network, with the same seed in every process",
            "take a step with the sum",
            "take the rows of the batch that belong to this rank",
            "multiply it by the size of the share, divided by that of the batch",
        ],
        also=[[2, 5, 7, 3, 8, 1, 6], [2, 7, 5, 3, 8, 1, 6]],
        needs={
            (5, 3): "Of which network is the gradient computed?",
            (2, 7): "Which batch are the rows taken from?",
            (7, 3): "Of which rows is the gradient computed?",
            (3, 8): "What is multiplied?",
            (8, 1): "Allreduce adds and does nothing else. What must each gradient have become before it is handed in?",
            (1, 6): "The sum of what?",
        },
        strange={4: "After this step the processes have different weights. Which gradient is the same in all of them?"},
        mistakes=[
            (
                [5, 2, 7, 3, 4, 8, 1, 6],
                "Each process steps with its own gradient first. Whose weights do the later gradients belong to?",
            ),
            (
                [5, 2, 7, 3, 8, 4],
                "Each steps with its own gradient, and nothing is exchanged. What do the others learn of these rows?",
            ),
            (
                [5, 2, 7, 3, 1, 8, 6],
                "The sum is weighted after it was made. Can the shares' sizes still be told apart?",
            ),
            ([5, 2, 7, 3, 1, 6], "The mean gradients are added unweighted. How long is the step then?"),
            ([5, 2, 3, 7, 8, 1, 6], "The gradient is computed before the rows are chosen. Of which rows is it?"),
            ([5, 7, 2, 3, 8, 1, 6], "Rows are taken from a batch that is not drawn yet. Where do batches come from?"),
        ],
    ),
    Exercise(
        rows_of,
        why="All draw the same order and cut the same batches; each takes every P-th row of each batch.",
        hints=[
            "Call it for rank 0 and for rank 1, with n=8 and batches of 4. Which rows are in the first batch?",
            "Two things are wrong: one makes two orders out of one, the other makes the batch too large.",
            "The seed must be the same in every process. And cut the order into batches before you share.",
            "Cut order, not mine; then take [rank::processes] of each batch.",
        ],
        cases=[
            (1, 2, 10, 4, 3),
            (0, 3, 25, 7, 5),
            (2, 3, 26, 9, 11),
            (3, 4, 18, 5, 2),
            (4, 5, 33, 8, 8),
            (0, 2, 19, 3, 7),
        ],
        others=[(1, 2, 8, 4, 3), (0, 3, 21, 7, 5), (0, 1, 10, 4, 3), (1, 2, 5, 8, 4)],  # no batch is shorter
        mistakes=[
            rows_of_large_batches,
            rows_of_own_order,
            rows_of_whole_batches,
            rows_of_the_first,
            rows_of_in_a_row,
            rows_of_unshuffled,
            rows_of_small_pieces,
            rows_of_rounded_up,
            rows_of_rounded,
            rows_of_equal_parts,
            rows_of_neighbours,
            rows_of_large_blocks,
            rows_of_with_gaps,
            rows_of_ends_early,
            rows_of_cut_by_share,
            rows_of_in_blocks,
            rows_of_one_row,
        ],
        broken=rows_of_broken,
    ),
    Exercise(
        sent_by_each,
        why="One lap of P - 1 turns adds up, a second one hands the sums on; each turn sends one piece.",
        hints=[
            "Count the turns of one lap: the inner loop of `ring`.",
            "A lap has P - 1 turns. How many laps does the outer loop make?",
            "Two laps. Mind the brackets.",
        ],
        cases=[(1000, 4), (52650, 10), (600, 3), (7000, 7), (52650, 99)],
        others=[(52650, 1), (52650, 2)],
        later=[(52650, 1024)],
        mistakes=[
            sent_by_each_half,
            sent_by_each_one_turn_more,
            sent_by_each_one_lap,
            sent_by_each_minus_one,
            sent_by_each_two_turns,
            sent_by_each_all,
            sent_by_each_no_brackets,
            sent_by_each_brackets_of_one_lap,
            sent_by_each_piece_twice,
            sent_by_each_two_less,
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "Four means are summed, at a rate of 0.1. Which rate of one process is it?",
        ["0.025", "0.1", "0.4"],
        right="0.4",
        counters={
            "0.025": "A sum is longer than a mean, not shorter.",
            "0.1": "The sum of four gradients is four times as long as their mean.",
        },
    ),
    Prediction(
        "How many images are called a 9, compared with the weighted run?",
        ["far fewer", "about as many", "far more"],
        right="far more",
        counters={
            "far fewer": "In the plain mean the few nines weigh as much as all the others together.",
            "about as many": "In the plain mean the few nines weigh as much as all the others together.",
        },
    ),
    Prediction(
        "Two processes, the same start, own gradients. What comes out?",
        ["an error", "two equal networks", "two different networks"],
        right="two different networks",
        counters={
            "an error": "The program runs without the exchange, too.",
            "two equal networks": "From the first step on they see different images.",
        },
    ),
    Prediction(
        "Two processes send 1,000 numbers each. How many does each of a hundred send?",
        ["about 20", "about 2,000", "about 100,000"],
        right="about 2,000",
        counters={
            "about 20": "Pieces are small, but each process sends one in every turn.",
            "about 100,000": "A process sends no whole array, only a piece of it in every turn.",
        },
    ),
]
