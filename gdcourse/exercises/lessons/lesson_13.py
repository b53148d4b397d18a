"""The exercises of lesson 13."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

# Fill the gap: a scale of factors


def on_a_log_scale(share, low, high):
    """Return the rate at this share of the way, where equal shares are equal factors."""
    factor = high / low
    return low * factor**share


def on_a_log_scale_straight(share, low, high):
    """Equal shares add equal amounts here, so most rates lie near `high`. What should half of the way multiply by?"""
    return low + share * (high - low)


def on_a_log_scale_times_share(share, low, high):
    """The share multiplies the factor, so share 0 gives 0. What is done to a factor that is used only in part?"""
    return low * (high / low) * share


def on_a_log_scale_from_one(share, low, high):
    """This begins at 1 and not at `low`. What does the factor multiply?"""
    return (high / low) ** share


def on_a_log_scale_wrong_power(share, low, high):
    """The share is raised to the factor, and not the factor to the share. Which of them says how often to multiply?"""
    return low * share ** (high / low)


def on_a_log_scale_exponent(share, low, high):
    """That is the logarithm of the rate, not the rate. Which function undoes a logarithm?"""
    return np.log(low) + share * np.log(high / low)


def on_a_log_scale_from_the_top(share, low, high):
    """Share 0 gives `high` here, and share 1 gives `low`. From which end does the way lead?"""
    return high * (low / high) ** share


def on_a_log_scale_growing_power(share, low, high):
    """The whole product is raised to the share, the start too. Which part of it grows with the share?"""
    return (low * (high / low)) ** share


def on_a_log_scale_of_the_square(share, low, high):
    """The share itself is squared, so equal shares don't give equal factors. Which power should stand there?"""
    return low * (high / low) ** (share**2)


# Write it: a schedule


def cosine_rate(step, steps, peak, floor):
    """Return the rate of a step, counted from 0: half a cosine, from peak to floor."""
    done = min(step / steps, 1)
    return floor + (peak - floor) * (1 + np.cos(np.pi * done)) / 2


def cosine_rate_from_one(step, steps, peak, floor):
    """The first step already has less than the peak: this counts it as 1. From which number are steps counted?"""
    return cosine_rate(step + 1, steps, peak, floor)


def cosine_rate_one_too_few(step, steps, peak, floor):
    """The floor is reached one step too early. What is the share that is done when `step` is `steps`?"""
    return cosine_rate(step, steps - 1, peak, floor)


def cosine_rate_to_zero(step, steps, peak, floor):
    """The rate falls to zero, below the floor. Between which two rates does the wave lie?"""
    return cosine_rate(step, steps, peak, 0)


def cosine_rate_zero_after_the_end(step, steps, peak, floor):
    """From step `steps` on the rate is 0, below the floor. Where should it stay?"""
    return cosine_rate(step, steps, peak, floor) if step < steps else 0.0


def cosine_rate_on_the_floor(step, steps, peak, floor):
    """The floor is put under the whole wave, so it starts above the peak. How high is the wave above it?"""
    return floor + cosine_rate(step, steps, peak, 0)


def cosine_rate_cut_off(step, steps, peak, floor):
    """The wave goes to zero and is cut off at the floor, which comes too early. Between which rates does it lie?"""
    return max(floor, cosine_rate(step, steps, peak, 0))


def cosine_rate_whole_wave(step, steps, peak, floor):
    """The rate comes back up to the peak: that is a whole wave. What is the angle at the end of half a wave?"""
    return floor + (peak - floor) * (1 + np.cos(2 * np.pi * min(step / steps, 1))) / 2


def cosine_rate_quarter_wave(step, steps, peak, floor):
    """That is a quarter of a wave: it is still steep at its end. Which cosine stands at the bottom of a wave?"""
    return floor + (peak - floor) * np.cos(np.pi / 2 * min(step / steps, 1))


def cosine_rate_in_degrees(step, steps, peak, floor):
    """`np.cos` was given degrees. In which unit is half a turn equal to π?"""
    return floor + (peak - floor) * (1 + np.cos(180 * min(step / steps, 1))) / 2


def cosine_rate_rising(step, steps, peak, floor):
    """The rate rises from the floor to the peak. What is the cosine at step 0, and where should the rate be then?"""
    return floor + (peak - floor) * (1 - np.cos(np.pi * min(step / steps, 1))) / 2


def cosine_rate_straight(step, steps, peak, floor):
    """The rate falls on a straight line. Which function makes it slow at both ends?"""
    return peak - (peak - floor) * min(step / steps, 1)


def cosine_rate_doubled(step, steps, peak, floor):
    """The first rate is too high: 1 + cos goes from 2 to 0. By what is it divided?"""
    return floor + (peak - floor) * (1 + np.cos(np.pi * min(step / steps, 1)))


def cosine_rate_below_the_floor(step, steps, peak, floor):
    """The cosine itself goes down to -1, so the rate falls below the floor. What takes 1 and -1 to 1 and 0?"""
    return floor + (peak - floor) * np.cos(np.pi * min(step / steps, 1))


def cosine_rate_climbing_again(step, steps, peak, floor):
    """After the last step the wave goes on. Where should the rate stay from then on?"""
    return floor + (peak - floor) * (1 + np.cos(np.pi * step / steps)) / 2


def cosine_rate_without_pi(step, steps, peak, floor):
    """The cosine of the share itself is taken, so the wave has hardly begun. Which angle is half a turn?"""
    return floor + (peak - floor) * (1 + np.cos(min(step / steps, 1))) / 2


def cosine_rate_with_half_the_cosine(step, steps, peak, floor):
    """Only the cosine is halved, so the rate is above the peak at step 0. Which brackets are divided by 2?"""
    return floor + (peak - floor) * (1 + np.cos(np.pi * min(step / steps, 1)) / 2)


def cosine_rate_with_loose_brackets(step, steps, peak, floor):
    """The distance of the two rates is not multiplied with the cosine. What belongs in brackets, before all else?"""
    return floor + (peak - floor) * 1 + np.cos(np.pi * min(step / steps, 1)) / 2


def cosine_rate_downwards(step, steps, peak, floor):
    """The wave is subtracted from the floor, so it lies below. On which side of the floor is the peak?"""
    return floor - (peak - floor) * (1 + np.cos(np.pi * min(step / steps, 1))) / 2


def cosine_rate_again_and_again(step, steps, peak, floor):
    """After `steps` it begins at the peak again. Where should the rate stay from then on?"""
    return cosine_rate(step % steps, steps, peak, floor)


# Write it: a fair comparison


def fair_comparison(a, b):
    """Return the mean of the differences b - a, and the standard error of that mean."""
    difference = b - a
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean(), error


def fair_comparison_of_the_other_sign(a, b):
    """That is a - b. Which of the two is subtracted?"""
    return (a - b).mean(), (a - b).std(ddof=1) / np.sqrt(len(a))


def fair_comparison_spread(a, b):
    """That is the spread of single differences. How much less does a mean of n of them scatter?"""
    return (b - a).mean(), (b - a).std(ddof=1)


def fair_comparison_by_n(a, b):
    """The spread is divided by n. By what does the scatter of a mean of n numbers shrink?"""
    return (b - a).mean(), (b - a).std(ddof=1) / len(a)


def fair_comparison_plain_spread(a, b):
    """The spread is measured around the mean of these very numbers, so it is too small. Which ddof corrects that?"""
    return (b - a).mean(), (b - a).std() / np.sqrt(len(a))


def fair_comparison_plain_spread_by_n(a, b):
    """The spread lacks ddof=1, and it is divided by n. By what does the scatter of a mean of n numbers shrink?"""
    return (b - a).mean(), (b - a).std() / len(a)


def fair_comparison_by_one_less(a, b):
    """The spread is divided by √(n - 1), and it has been corrected once already. How many numbers are in the mean?"""
    return (b - a).mean(), (b - a).std(ddof=1) / np.sqrt(len(a) - 1)


def fair_comparison_unpaired(a, b):
    """The spreads of a and b are put together as if no seed belonged to both. Of what do you need the spread?"""
    return (b - a).mean(), np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))


def fair_comparison_of_spreads(a, b):
    """That is the difference of two spreads, not the spread of the differences. What comes first?"""
    return (b - a).mean(), (b.std(ddof=1) - a.std(ddof=1)) / np.sqrt(len(a))


def fair_comparison_without_signs(a, b):
    """The signs of the differences are dropped, so chance alone looks like an effect. What does the sign of one say?"""
    difference = np.abs(b - a)
    return difference.mean(), difference.std(ddof=1) / np.sqrt(len(a))


def fair_comparison_variance(a, b):
    """The variance stands where the spread belongs. Which root is missing?"""
    return (b - a).mean(), (b - a).var(ddof=1) / np.sqrt(len(a))


def fair_comparison_of_the_mean(a, b):
    """The mean difference stands where its spread belongs. How is the spread of the differences computed?"""
    return (b - a).mean(), (b - a).mean() / np.sqrt(len(a))


def fair_comparison_unpaired_plain(a, b):
    """The spreads of a and b are joined, as if no seed were shared, and without ddof=1. Whose spread counts?"""
    return (b - a).mean(), np.sqrt((a.var() + b.var()) / len(a))


def fair_comparison_of_medians(a, b):
    """The median of the differences is taken. Which average has a standard error of spread / √n?"""
    return np.median(b - a), (b - a).std(ddof=1) / np.sqrt(len(a))


# Repair a broken one: a search


def choose_rate(rates, seed, start, train, validation_loss, test_loss):
    """Return the rate with the lowest validation loss, and the list of these losses."""
    losses = []
    for rate in rates:
        w = train(start(seed), rate, seed)
        losses.append(validation_loss(w))
    return rates[np.argmin(losses)], losses


def choose_rate_broken(rates, seed, start, train, validation_loss, test_loss):
    """Return the rate with the lowest validation loss, and the list of these losses."""
    w = start(seed)
    losses = []
    for i, rate in enumerate(rates):
        w = train(w, rate, seed + i)
        losses.append(test_loss(w))
    return rates[np.argmin(losses)], losses


def _chosen(rates, seed, start, train, judge, onward=False, seeds=0):
    """Return the choice of a search with some of the faults: it goes on with old weights, or its seeds differ."""
    w, losses = start(seed), []
    for i, rate in enumerate(rates):
        w = train(w if onward else start(seed), rate, seed + seeds * i)
        losses.append(judge(w))
    return rates[np.argmin(losses)], losses


def choose_rate_onward(rates, seed, start, train, validation_loss, test_loss):
    """Each rate goes on with the weights that the rate before it left. From where should each of them start?"""
    return _chosen(rates, seed, start, train, validation_loss, onward=True)


def choose_rate_other_orders(rates, seed, start, train, validation_loss, test_loss):
    """The rates are trained with different seeds, so luck is compared too. What alone should differ between two?"""
    return _chosen(rates, seed, start, train, validation_loss, seeds=1)


def choose_rate_on_the_test_set(rates, seed, start, train, validation_loss, test_loss):
    """The test set chooses, and can't judge the choice any more. Which set is there for choosing?"""
    return _chosen(rates, seed, start, train, test_loss)


def choose_rate_onward_with_other_orders(rates, seed, start, train, validation_loss, test_loss):
    """Validation decides now, but two faults are left: old weights and other seeds. What differs between two runs?"""
    return _chosen(rates, seed, start, train, validation_loss, onward=True, seeds=1)


def choose_rate_onward_on_the_test_set(rates, seed, start, train, validation_loss, test_loss):
    """The seeds are the same now, but old weights go on and the test set decides. Which set is for choosing?"""
    return _chosen(rates, seed, start, train, test_loss, onward=True)


def choose_rate_other_orders_on_the_test_set(rates, seed, start, train, validation_loss, test_loss):
    """Each rate starts anew now, but its seed is another, and the test set decides. Which set is for choosing?"""
    return _chosen(rates, seed, start, train, test_loss, seeds=1)


def choose_rate_with_other_starts(rates, seed, start, train, validation_loss, test_loss):
    """Each rate gets a start and an order of its own, so luck is compared too. What alone should differ?"""
    runs = [_chosen([rate], seed + i, start, train, validation_loss)[1][0] for i, rate in enumerate(rates)]
    return rates[np.argmin(runs)], runs


def choose_rate_with_other_starts_alone(rates, seed, start, train, validation_loss, test_loss):
    """Each rate gets a start of its own seed, so luck is compared too. What alone should differ between two runs?"""
    losses = [validation_loss(train(start(seed + i), rate, seed)) for i, rate in enumerate(rates)]
    return rates[np.argmin(losses)], losses


def choose_rate_the_largest_loss(rates, seed, start, train, validation_loss, test_loss):
    """That is the rate with the highest loss. Which end of the list is good?"""
    _, losses = choose_rate(rates, seed, start, train, validation_loss, test_loss)
    return rates[np.argmax(losses)], losses


def choose_rate_with_both(rates, seed, start, train, validation_loss, test_loss):
    """Validation and test loss are added up, so the test set helps to choose. What may it decide?"""
    return _chosen(rates, seed, start, train, lambda w: validation_loss(w) + test_loss(w))


# A small training to try a search on: the weights are two numbers, and the seed makes the start and the noise.


def start(seed):
    """Return the weights at the start."""
    return np.array([3.0 + seed % 5, -2.0 - seed % 3])


def train(w, rate, seed):
    """Return the weights after a noisy run of three steps."""
    for step in range(3):
        w = w - rate * (np.array([2.0, 5.0]) * w + np.array([seed % 4 - 1.3, step - seed % 3]))
    return w


def validation_loss(w):
    """Return the validation loss."""
    return float(np.sum((w - np.array([0.4, 0.3])) ** 2)) - 0.8


def large_loss(w):
    """Return a validation loss of more than 50."""
    return validation_loss(w) + 51


def small_loss(w):
    """Return a validation loss of less than a thousandth."""
    return (validation_loss(w) + 1) / 100_000


def test_loss(w):
    """Return the test loss."""
    return float(np.sum((w - np.array([-0.9, 0.7])) ** 2)) + 0.25


def _two_arms(seed, n):
    """Return numbers of two settings with the same seeds, of either sign: both share most of their luck."""
    rng = np.random.default_rng(seed)
    luck = rng.normal(0, 0.04, n)
    return 0.03 + luck + rng.normal(0, 0.01, n), 0.01 + luck + rng.normal(0, 0.02, n)


def work_of_same_steps(images=1000, batch_size=64, epochs=6, larger_batch=300):
    """The steps; the epochs of larger batches with as many; how many times as many images those look at."""
    steps = epochs * int(np.ceil(images / batch_size))
    epochs_of_the_larger = steps / int(np.ceil(images / larger_batch))
    return [steps, epochs_of_the_larger, epochs_of_the_larger / epochs]


EXERCISES = [
    Exercise(
        on_a_log_scale,
        why="The factor from one end to the other is high / low; a share of the way multiplies by that power of it.",
        hints=[
            "Half of the way from 0.01 to 1 is 0.1: from there it is a factor of 10 to either end.",
            "Twice half of the way must be the whole: which power of `factor`, multiplied by itself, gives `factor`?",
            "Share 0 must give `low`, share 1 `low * factor`. A power of `factor` does both.",
        ],
        cases=[
            (0.5, 0.02, 2.0),
            (0.25, 0.001, 10.0),
            (np.array([0.1, 0.35, 0.8]), 0.003, 0.7),
            (np.array([0.62, 0.05]), 0.2, 5.0),
        ],
        others=[(0, 0.01, 1.0), (1.0, 0.02, 3.0), (np.array([0.0, 0.4, 1.0]), 0.05, 0.6)],
        mistakes=[
            on_a_log_scale_straight,
            on_a_log_scale_times_share,
            on_a_log_scale_from_one,
            on_a_log_scale_wrong_power,
            on_a_log_scale_exponent,
            on_a_log_scale_from_the_top,
            on_a_log_scale_growing_power,
            on_a_log_scale_of_the_square,
        ],
    ),
    Exercise(
        cosine_rate,
        why="The share that is done goes from 0 to 1 and stops there; (1 + cos) / 2 takes it from 1 down to 0.",
        hints=[
            "First the share that is done: 0 at step 0, 1 at step `steps`, and no more than 1 after that.",
            "np.cos(np.pi * done) goes from 1 to -1. Add 1 and halve it: it goes from 1 to 0.",
            "That times the distance between peak and floor, on top of the floor.",
        ],
        cases=[
            (10, 30, 0.5, 0.1),
            (0, 40, 0.3, 0.05),
            (40, 40, 0.3, 0.05),
            (77, 90, 1.2, 0.02),
            (130, 100, 0.6, 0.07),
            (13, 64, 0.7, 0.003),
        ],
        mistakes=[
            cosine_rate_from_one,
            cosine_rate_one_too_few,
            cosine_rate_to_zero,
            cosine_rate_zero_after_the_end,
            cosine_rate_on_the_floor,
            cosine_rate_cut_off,
            cosine_rate_whole_wave,
            cosine_rate_quarter_wave,
            cosine_rate_in_degrees,
            cosine_rate_rising,
            cosine_rate_straight,
            cosine_rate_doubled,
            cosine_rate_below_the_floor,
            cosine_rate_climbing_again,
            cosine_rate_without_pi,
            cosine_rate_with_half_the_cosine,
            cosine_rate_with_loose_brackets,
            cosine_rate_downwards,
            cosine_rate_again_and_again,
        ],
    ),
    Question(
        "same_steps",
        [96, 24, 4],
        why="15 full batches and a short one, 16 · 6 = 96 steps; 4 steps an epoch, so 24 epochs; 24 / 6 = 4 times.",
        hints=[
            "How many batches of 64 does it take to hand out 1,000 images? The last one may be short.",
            "And how many batches of 300? That is how many steps one of the other epochs has.",
            "As many steps, divided by the steps of one epoch, are the epochs. Each epoch looks at all images once.",
        ],
        work=work_of_same_steps,
        mistakes=[
            ([90, 30, 5], "The short batch at the end of an epoch was left out, in both runs. Is it a step as well?"),
            ([90, 22.5, 3.75], "The first run's short batches were left out. Is a short batch a step as well?"),
            ([96, 32, 32 / 6], "The second run's short batches were left out. How many batches hold 1,000 images?"),
            ([96, 20.48, 1000 / 64 * 6 / 1000 * 300 / 6], "Here the batches count as full. Which are not?"),
            (
                [96, 28.8, 4.8],
                "All batches count as full here, and the last one of an epoch is not. How many are there?",
            ),
            ([93.75, 28.125, 4.6875], "There are no parts of steps. What does a run do with the images that are left?"),
            (
                [94, 28, 28 / 6],
                "The parts of steps are rounded only at the end. What becomes of the images left in each epoch?",
            ),
            ([16, 4, 4], "That is one epoch. How many epochs does the first run have?"),
            (
                [96, 6, 1],
                "Those are as many epochs, and so fewer steps. How many steps does an epoch of large batches have?",
            ),
            ([96, 24, 0.25], "The last number is upside down. Which of the two runs looks at more images?"),
            (
                [96, 24, 300 / 64],
                "The last is the ratio of the batch sizes, and some batches are short. What do 24 epochs look at?",
            ),
            ([96, 24, 24], "The last is the number of its epochs. How many times the other run's six epochs is that?"),
            ([96, 24, 1], "As many steps are not as many images here. How often does each run look at all images?"),
            ([16, 4, 1], "Those are the steps of one epoch of each. How many epochs does the first run have?"),
            (
                [96, 24, 18.75],
                "The epochs are multiplied by the batch sizes there. How many images do 6 and 24 epochs look at?",
            ),
            (
                [96, 24, 18000],
                "The last is how many more images the second run looks at. How many times as many is it?",
            ),
            ([96, 24, 18], "The last is how many epochs more there are. How many times the first run's six is that?"),
            ([94, 24, 4], "Only the whole run has a short batch here. How many batches does one epoch have?"),
            ([96, 24, 24000], "The last is a number of images. How many times the images of the first run is that?"),
            ([96, 4, 4], "The second number is the steps of one epoch. How many such epochs make 96 steps?"),
        ],
    ),
    Exercise(
        choose_rate,
        returns=("rate", "losses"),
        why="Every rate gets the same start and the same seed, so that the rate alone differs, and validation decides.",
        hints=[
            "What alone should differ between two of these runs? Look for everything else that does.",
            "One fault stands before the loop: whose weights does the second rate start from?",
            "One stands in the call of train, and one in the line after it: which set is there for choosing?",
        ],
        cases=[
            (np.array([0.3, 0.1, 0.25]), 7, start, train, validation_loss, test_loss),
            (np.array([0.02, 0.15, 0.07, 0.31]), 2, start, train, validation_loss, test_loss),
            (np.array([0.22, 0.05, 0.35, 0.12, 0.18]), 11, start, train, validation_loss, test_loss),
            (np.array([0.28, 0.21, 0.09]), 23, start, train, validation_loss, test_loss),
            (np.array([0.3, 0.1, 0.45]), 4, start, train, validation_loss, test_loss),  # the smallest isn't the worst
        ],
        others=[
            (np.array([0.02, 0.15, 0.07]), 2, start, train, large_loss, test_loss),
            (np.array([0.22, 0.05, 0.35]), 11, start, train, small_loss, test_loss),
        ],
        mistakes=[
            choose_rate_onward,
            choose_rate_other_orders,
            choose_rate_on_the_test_set,
            choose_rate_onward_with_other_orders,
            choose_rate_onward_on_the_test_set,
            choose_rate_other_orders_on_the_test_set,
            choose_rate_with_other_starts,
            choose_rate_with_other_starts_alone,
            choose_rate_the_largest_loss,
            choose_rate_with_both,
        ],
        broken=choose_rate_broken,
    ),
    Exercise(
        fair_comparison,
        returns=("difference", "standard error"),
        why="One difference for each seed; the mean of n of them scatters √n times less than one of them.",
        hints=[
            "First one difference for each seed: b - a. The rest looks at these differences alone.",
            "Their spread is .std(ddof=1): with ddof=1 the squares are divided by n - 1.",
            "A mean of n numbers scatters √n times less than one number. The square root is np.sqrt.",
        ],
        cases=[
            (np.array([0.5, 0.3, 0.4]), np.array([0.4, 0.2, 0.5])),
            _two_arms(0, 5),
            _two_arms(1, 8),
            _two_arms(2, 12),
        ],
        mistakes=[
            fair_comparison_of_the_other_sign,
            fair_comparison_spread,
            fair_comparison_by_n,
            fair_comparison_plain_spread,
            fair_comparison_plain_spread_by_n,
            fair_comparison_by_one_less,
            fair_comparison_unpaired,
            fair_comparison_of_spreads,
            fair_comparison_without_signs,
            fair_comparison_variance,
            fair_comparison_of_the_mean,
            fair_comparison_unpaired_plain,
            fair_comparison_of_medians,
        ],
    ),
    Question(
        "honest_tuning",
        [2, 5, 1, 6, 3, 4],
        why="What is tried, with which seeds, is fixed first; validation means choose; the test set comes once, last.",
        hints=[
            "One line would let the test set decide. Leave it out.",
            "Which of the lines need no training yet? They come first.",
            "Split and write down, train, average, choose, test.",
        ],
        lines=[
            "train each setting with each of the seeds",
            "split the images into training, validation and test",
            "choose the setting with the lowest mean",
            "open the test set, and report what it says",
            "write down the settings and the seeds that will be tried",
            "average the validation losses of each setting over its seeds",
            "try more settings until the test accuracy is high enough",
        ],
        also=[[5, 2, 1, 6, 3, 4]],
        needs={
            (2, 1): "On which images is each setting trained?",
            (5, 1): "Which settings are trained, and with which seeds?",
            (1, 6): "Which runs are averaged?",
            (6, 3): "Which means are compared?",
            (3, 4): "Which setting does the reported number belong to?",
        },
        strange={7: "Here the test set decides when to stop: is it still a judge that has seen nothing?"},
        mistakes=[
            (
                [2, 5, 1, 6, 3, 4, 7],
                "After the report the search goes on, and the test set steers it. What may it decide?",
            ),
            (
                [2, 5, 1, 6, 3, 7, 4],
                "The test accuracy decides when the search stops. Which set is there for deciding?",
            ),
            (
                [2, 1, 5, 6, 3, 4],
                "Settings and seeds are written down after the runs. What keeps you from leaving some out?",
            ),
            ([2, 5, 1, 3, 6, 4], "A setting is chosen before there is a mean. Which line makes the means?"),
            (
                [2, 5, 1, 6, 4, 3],
                "The test set is opened before anything is chosen. To which setting does its number belong?",
            ),
            ([2, 5, 1, 3, 4], "Nothing is averaged over the seeds. What does a single lucky run prove?"),
            ([5, 1, 2, 6, 3, 4], "The images are split after the training. On which ones were the networks trained?"),
            ([2, 1, 6, 3, 4], "Nobody wrote down what would be tried. How many runs can be left out unseen?"),
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "Which rate has the lowest validation loss after five epochs?",
        ["0.03", "0.1", "0.3", "1"],
        right="0.3",
        counters={
            "0.03": "Five epochs are too few for it.",
            "0.1": "Here its median is higher; with 16 of 20 other seeds its loss was lower.",
            "1": "All three of its runs end above 0.6.",
        },
    ),
    Prediction(
        "Where does a falling rate end with a lower validation loss?",
        ["from 0.03 only", "from 0.5 only", "from both", "from neither"],
        right="from 0.5 only",
        counters={
            "from 0.03 only": "From 0.03 it ends higher, and from 0.5 lower.",
            "from both": "From 0.03 the falling rates end higher: they are too slow.",
            "from neither": "From 0.5 both schedules end lower.",
        },
    ),
    Prediction(
        "Which batch size has the lower validation loss?",
        [
            "32, both at equal epochs and at equal steps",
            "256, both at equal epochs and at equal steps",
            "32 at equal epochs, 256 at equal steps",
            "256 at equal epochs, 32 at equal steps",
        ],
        right="32 at equal epochs, 256 at equal steps",
        counters={
            "32, both at equal epochs and at equal steps": "After 39 epochs, as many steps, 256 is lower.",
            "256, both at equal epochs and at equal steps": "After 5 epochs it has made an eighth of the steps.",
            "256 at equal epochs, 32 at equal steps": "It is the other way round: look at the steps that each makes.",
        },
    ),
    Prediction(
        "Whose best run has the lower validation loss?",
        [
            "the grid's, nearly always",
            "the random search's, nearly always",
            "the random search's, in somewhat more than half of the searches",
            "the grid's, in somewhat more than half of the searches",
        ],
        right="the random search's, in somewhat more than half of the searches",
        counters={
            "the grid's, nearly always": "It has three rates, and random search about seven.",
            "the random search's, nearly always": "Three rates are often enough to come near the best one.",
            "the grid's, in somewhat more than half of the searches": "Its nine runs are at three rates only.",
        },
    ),
    Prediction(
        "Which share of the other images does the chosen one read right, on average?",
        ["the same share", "about 94 of 100", "about 90 of 100"],
        right="about 94 of 100",
        counters={
            "the same share": "It was chosen for what it does on the 250, and part of that was luck.",
            "about 90 of 100": "Most of what it does on the 250 is skill.",
        },
    ),
]
