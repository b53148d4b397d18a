"""The exercises of lesson 14."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question


def momentum_step(w, velocity, gradient, learning_rate, momentum):
    """Return the new w and the new velocity."""
    velocity = momentum * velocity - learning_rate * gradient
    return w + velocity, velocity


def momentum_step_uphill(w, velocity, gradient, learning_rate, momentum):
    """The sign inside the velocity is turned: w is pushed uphill. Which way does the gradient point?"""
    velocity = momentum * velocity + learning_rate * gradient
    return w + velocity, velocity


def momentum_step_turned(w, velocity, gradient, learning_rate, momentum):
    """This velocity points uphill, and w subtracts it. Here w adds it: which sign does the gradient get inside?"""
    velocity = momentum * velocity + learning_rate * gradient
    return w - velocity, velocity


def momentum_step_on_w(w, velocity, gradient, learning_rate, momentum):
    """The momentum multiplies w, which pulls w towards 0. What is it that fades from step to step?"""
    velocity = momentum * w - learning_rate * gradient
    return velocity, velocity


def momentum_step_w_fades(w, velocity, gradient, learning_rate, momentum):
    """The momentum multiplies w, not the velocity, so w is pulled towards 0. Which of the two should fade?"""
    velocity = velocity - learning_rate * gradient
    return momentum * w + velocity, velocity


def momentum_step_old_velocity(w, velocity, gradient, learning_rate, momentum):
    """w moves by the old velocity, so the present gradient comes a step late. Which of the two velocities moves w?"""
    return w + velocity, momentum * velocity - learning_rate * gradient


def momentum_step_forgotten(w, velocity, gradient, learning_rate, momentum):
    """The velocity comes back as it was, so nothing is remembered. Which velocity does the next step need?"""
    return w + momentum * velocity - learning_rate * gradient, velocity


def momentum_step_plain(w, velocity, gradient, learning_rate, momentum):
    """w takes the step of plain SGD, and the velocity has no say in it. What is added to w?"""
    velocity = momentum * velocity - learning_rate * gradient
    return w - learning_rate * gradient, velocity


def momentum_step_averaged(w, velocity, gradient, learning_rate, momentum):
    """The gradient counts 1 - μ times here, as in a mean. Which factor does the formula put before the gradient?"""
    velocity = momentum * velocity - (1 - momentum) * learning_rate * gradient
    return w + velocity, velocity


def momentum_step_rate_later(w, velocity, gradient, learning_rate, momentum):
    """The rate comes in only when w moves, so this velocity is a pile of gradients. Where does η stand in v?"""
    velocity = momentum * velocity - gradient
    return w + learning_rate * velocity, velocity


def momentum_step_rate_twice(w, velocity, gradient, learning_rate, momentum):
    """The rate scales the gradient and then the velocity again. How often does η stand in the two formulas?"""
    velocity = momentum * velocity - learning_rate * gradient
    return w + learning_rate * velocity, velocity


def momentum_step_rate_on_the_sum(w, velocity, gradient, learning_rate, momentum):
    """The velocity adds up gradients, and the rate comes later: another custom. Where does the rate stand here?"""
    velocity = momentum * velocity + gradient
    return w - learning_rate * velocity, velocity


def momentum_step_nesterov(w, velocity, gradient, learning_rate, momentum):
    """This is Nesterov's step, which comes later in the lesson. What alone does the heavy ball add to w?"""
    velocity = momentum * velocity - learning_rate * gradient
    return w + momentum * velocity - learning_rate * gradient, velocity


def nesterov_step(w, velocity, gradient, learning_rate, momentum):
    """Return the new w and the new velocity."""
    velocity = momentum * velocity - learning_rate * gradient
    w = w + momentum * velocity - learning_rate * gradient
    return w, velocity


def nesterov_step_old_velocity(w, velocity, gradient, learning_rate, momentum):
    """This is the heavy ball: μ times the old velocity, minus the gradient's part. Which v does Nesterov take?"""
    new = momentum * velocity - learning_rate * gradient
    return w + new, new


def nesterov_step_whole_velocity(w, velocity, gradient, learning_rate, momentum):
    """The new velocity is added whole, and the gradient's part once more. What stands before v in Nesterov's line?"""
    velocity = momentum * velocity - learning_rate * gradient
    return w + velocity - learning_rate * gradient, velocity


def nesterov_step_twice(w, velocity, gradient, learning_rate, momentum):
    """The new velocity counts 1 + μ times. Only the gradient's part is to count so: what does the formula add?"""
    velocity = momentum * velocity - learning_rate * gradient
    return w + velocity + momentum * velocity, velocity


def nesterov_step_without_gradient(w, velocity, gradient, learning_rate, momentum):
    """w moves by μv alone: the gradient's own part is missing. What is subtracted after μv?"""
    velocity = momentum * velocity - learning_rate * gradient
    return w + momentum * velocity, velocity


def nesterov_step_uphill(w, velocity, gradient, learning_rate, momentum):
    """The gradient's own part is added to w. Which way does the gradient point?"""
    velocity = momentum * velocity - learning_rate * gradient
    return w + momentum * velocity + learning_rate * gradient, velocity


def nesterov_step_backwards(w, velocity, gradient, learning_rate, momentum):
    """μ times the velocity is subtracted, so memory turns back. What sign does the velocity have in the formula?"""
    velocity = momentum * velocity - learning_rate * gradient
    return w - momentum * velocity - learning_rate * gradient, velocity


def nesterov_step_on_w(w, velocity, gradient, learning_rate, momentum):
    """The momentum multiplies w. Which of the two does it multiply in the formula?"""
    velocity = momentum * velocity - learning_rate * gradient
    return momentum * w + velocity - learning_rate * gradient, velocity


def adagrad_step(w, accumulator, gradient, learning_rate, epsilon):
    """Return the new w and the new accumulator."""
    accumulator = accumulator + gradient**2
    w = w - learning_rate * gradient / np.sqrt(accumulator + epsilon)
    return w, accumulator


def adagrad_step_not_squared(w, accumulator, gradient, learning_rate, epsilon):
    """The gradients are added up, not their squares, so signs cancel. What does G collect of each gradient?"""
    accumulator = accumulator + gradient
    return w - learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator


def adagrad_step_sizes(w, accumulator, gradient, learning_rate, epsilon):
    """G collects the sizes of the gradients, not their squares. What is the root taken of?"""
    accumulator = accumulator + np.abs(gradient)
    return w - learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator


def adagrad_step_forgets(w, accumulator, gradient, learning_rate, epsilon):
    """The accumulator is replaced, so it forgets every gradient but the last. What stays in it from step to step?"""
    accumulator = gradient**2
    return w - learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator


def adagrad_step_old_accumulator(w, accumulator, gradient, learning_rate, epsilon):
    """w is divided by the old accumulator, which lacks the present gradient. Which G stands in the formula of w?"""
    return w - learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator + gradient**2


def adagrad_step_not_kept(w, accumulator, gradient, learning_rate, epsilon):
    """The accumulator comes back as it was, so nothing is remembered. Which one does the next step need?"""
    return w - learning_rate * gradient / np.sqrt(accumulator + gradient**2 + epsilon), accumulator


def adagrad_step_epsilon_outside(w, accumulator, gradient, learning_rate, epsilon):
    """ε is added after the root was taken. On which side of the root does the lesson's formula have it?"""
    accumulator = accumulator + gradient**2
    return w - learning_rate * gradient / (np.sqrt(accumulator) + epsilon), accumulator


def adagrad_step_without_epsilon(w, accumulator, gradient, learning_rate, epsilon):
    """ε is missing under the root. What happens to a weight whose gradients were all 0?"""
    accumulator = accumulator + gradient**2
    return w - learning_rate * gradient / np.sqrt(accumulator), accumulator


def adagrad_step_epsilon_kept(w, accumulator, gradient, learning_rate, epsilon):
    """ε goes into the accumulator, so it is added anew at every step. Where alone does the formula have it?"""
    accumulator = accumulator + gradient**2 + epsilon
    return w - learning_rate * gradient / np.sqrt(accumulator), accumulator


def adagrad_step_without_root(w, accumulator, gradient, learning_rate, epsilon):
    """The root is missing, so a gradient is divided by squares. What turns a sum of squares into a length again?"""
    accumulator = accumulator + gradient**2
    return w - learning_rate * gradient / (accumulator + epsilon), accumulator


def adagrad_step_one_for_all(w, accumulator, gradient, learning_rate, epsilon):
    """The squares of all weights go into one sum, so all share one rate. How many rates are there to be?"""
    accumulator = accumulator + np.sum(np.square(gradient))
    return w - learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator


def adagrad_step_uphill(w, accumulator, gradient, learning_rate, epsilon):
    """The step goes uphill: it adds what the formula subtracts. Which way does the gradient point?"""
    accumulator = accumulator + gradient**2
    return w + learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator


def adagrad_step_epsilon_on_w(w, accumulator, gradient, learning_rate, epsilon):
    """ε is not under the line: a bracket is missing around the sum. What is divided by what?"""
    accumulator = accumulator + gradient**2
    return w - (learning_rate * gradient / np.sqrt(accumulator) + epsilon), accumulator


def adagrad_step_epsilon_added_to_w(w, accumulator, gradient, learning_rate, epsilon):
    """ε is added to w at the end: a bracket is missing around the sum. What is divided by what?"""
    accumulator = accumulator + gradient**2
    return w - learning_rate * gradient / np.sqrt(accumulator) + epsilon, accumulator


def adagrad_step_multiplied(w, accumulator, gradient, learning_rate, epsilon):
    """The step is multiplied by the root, so large gradients make it larger. What is a large G to do to the rate?"""
    accumulator = accumulator + gradient**2
    return w - learning_rate * gradient * np.sqrt(accumulator + epsilon), accumulator


def rmsprop_step(w, mean_square, gradient, learning_rate, rho, epsilon):
    """Return the new w and the new mean_square."""
    mean_square = rho * mean_square + (1 - rho) * gradient**2
    w = w - learning_rate * gradient / np.sqrt(mean_square + epsilon)
    return w, mean_square


def rmsprop_step_broken(w, mean_square, gradient, learning_rate, rho, epsilon):
    """Return the new w and the new mean_square."""
    mean_square = rho * mean_square + (1 - rho) * np.mean(gradient**2)
    w = w - learning_rate * gradient / np.sqrt(mean_square + epsilon)
    return w, mean_square


def rmsprop_step_shared(w, mean_square, gradient, learning_rate, rho, epsilon):
    """All weights share one mean of squares, so all have one rate. Does the mean run over weights, or over steps?"""
    mean_square = rho * mean_square + (1 - rho) * np.mean(np.square(gradient))
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_shared_sum(w, mean_square, gradient, learning_rate, rho, epsilon):
    """The squares of all weights are added into one number that all share. How many means of squares are there?"""
    mean_square = rho * mean_square + (1 - rho) * np.sum(np.square(gradient))
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_never_forgets(w, mean_square, gradient, learning_rate, rho, epsilon):
    """Nothing is forgotten: the old mean counts whole, as in Adagrad. Which factor lets it fade?"""
    mean_square = mean_square + (1 - rho) * gradient**2
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_adagrad(w, mean_square, gradient, learning_rate, rho, epsilon):
    """This is Adagrad's sum, which never forgets. Which two factors make a mean of it?"""
    mean_square = mean_square + gradient**2
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_swapped(w, mean_square, gradient, learning_rate, rho, epsilon):
    """ρ and 1 - ρ have changed places, so nearly all is forgotten at once. Which one belongs to the old mean?"""
    mean_square = (1 - rho) * mean_square + rho * gradient**2
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_square_counts_whole(w, mean_square, gradient, learning_rate, rho, epsilon):
    """The new square counts whole, so the two shares add up to more than 1. Which factor belongs before it?"""
    mean_square = rho * mean_square + gradient**2
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_not_squared(w, mean_square, gradient, learning_rate, rho, epsilon):
    """The gradient is not squared, so signs cancel. Of what is mean_square the mean?"""
    mean_square = rho * mean_square + (1 - rho) * gradient
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_square_of_mean(w, mean_square, gradient, learning_rate, rho, epsilon):
    """The share is squared together with the gradient. What does the square belong to?"""
    mean_square = rho * mean_square + ((1 - rho) * gradient) ** 2
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_epsilon_outside(w, mean_square, gradient, learning_rate, rho, epsilon):
    """ε is added after the root was taken. On which side of the root does the lesson's formula have it?"""
    mean_square = rho * mean_square + (1 - rho) * gradient**2
    return w - learning_rate * gradient / (np.sqrt(mean_square) + epsilon), mean_square


def rmsprop_step_shared_epsilon_outside(w, mean_square, gradient, learning_rate, rho, epsilon):
    """All weights still share one mean of their squares, and ε has left the root. How many means does w need?"""
    mean_square = rho * mean_square + (1 - rho) * np.mean(gradient**2)
    return w - learning_rate * gradient / (np.sqrt(mean_square) + epsilon), mean_square


def rmsprop_step_shared_whole(w, mean_square, gradient, learning_rate, rho, epsilon):
    """All weights still share one mean of their squares, and its share 1 - ρ is gone. How many means does w need?"""
    mean_square = rho * mean_square + np.mean(gradient**2)
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square


def rmsprop_step_old_mean(w, mean_square, gradient, learning_rate, rho, epsilon):
    """w is divided by the old mean, which lacks the present gradient. Which s stands in the formula of w?"""
    new = rho * mean_square + (1 - rho) * gradient**2
    return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), new


def adam_step(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """Return the new w, mean, mean_square and t."""
    mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    t = t + 1
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    w = w - rate * mean / (np.sqrt(mean_square) + epsilon)
    return w, mean, mean_square, t


def _adam(
    w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon,
    first=lambda beta, t: 1 - beta**t, second=lambda beta, t: 1 - beta**t, counted=1,
):  # fmt: skip
    """Return a step of Adam with other corrections, or another count."""
    mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    rate = learning_rate * np.sqrt(second(beta_2, t + counted)) / first(beta_1, t + counted)
    return w - rate * mean / (np.sqrt(mean_square) + epsilon), mean, mean_square, t + 1


def adam_step_from_zero(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """The corrections use the count from before this step, which is 0 at first, and 1 - β⁰ is 0. Which step is this?"""
    return _adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon, counted=0)


def adam_step_never_counts(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """t comes back as it was, so every step takes itself for the first. Who counts the steps?"""
    return *_adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon)[:3], t


def adam_step_power_of_difference(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """This is (1 - β)ᵗ, which falls towards 0 as t grows, and the formula has 1 - βᵗ. What is raised to the power t?"""
    power = lambda beta, t: (1 - beta) ** t  # noqa: E731
    settings = learning_rate, beta_1, beta_2, epsilon
    return _adam(w, mean, mean_square, t, gradient, *settings, first=power, second=power)


def adam_step_times_t(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """β is multiplied by t, where the formula has a power. What is left of a start at zero after t steps?"""
    product = lambda beta, t: 1 - beta * t  # noqa: E731
    settings = learning_rate, beta_1, beta_2, epsilon
    return _adam(w, mean, mean_square, t, gradient, *settings, first=product, second=product)


def adam_step_without_powers(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """Both corrections are those of the first step, in each step. Where does the number of steps come in?"""
    first = lambda beta, t: 1 - beta  # noqa: E731
    settings = learning_rate, beta_1, beta_2, epsilon
    return _adam(w, mean, mean_square, t, gradient, *settings, first=first, second=first)


def adam_step_without_correction(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """Nothing corrects the start at zero. Which factor does the rate get, so that the first steps are right?"""
    none = lambda beta, t: 1.0  # noqa: E731
    settings = learning_rate, beta_1, beta_2, epsilon
    return _adam(w, mean, mean_square, t, gradient, *settings, first=none, second=none)


def adam_step_first_correction_only(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """Only the mean m is corrected. Which of the two means starts at zero as well, and stays small longer?"""
    none = lambda beta, t: 1.0  # noqa: E731
    return _adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon, second=none)


def adam_step_second_correction_only(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """Only the mean of squares s is corrected. Which of the two means starts at zero as well?"""
    none = lambda beta, t: 1.0  # noqa: E731
    return _adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon, first=none)


def adam_step_correction_without_root(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """The correction of s lacks its root. If s is divided by a number, by what is √s divided?"""
    squared = lambda beta, t: (1 - beta**t) ** 2  # noqa: E731
    return _adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon, second=squared)


def adam_step_correction_upside_down(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """The two corrections have changed places: one stands above the line, the other below. Which m is too small?"""
    one_over = lambda beta, t: 1 / (1 - beta**t)  # noqa: E731
    settings = learning_rate, beta_1, beta_2, epsilon
    return _adam(w, mean, mean_square, t, gradient, *settings, first=one_over, second=one_over)


def adam_step_keeps_the_corrected(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """The corrected means are kept, and the next step corrects them again. Which m and s does the next step need?"""
    w, mean, mean_square, t = _adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon)
    return w, mean / (1 - beta_1**t), mean_square / (1 - beta_2**t), t


def adam_step_epsilon_corrected(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """ε is added to the root of the corrected s, as in the paper's Algorithm 1. To which root is it added here?"""
    t = t + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    root = np.sqrt(mean_square / (1 - beta_2**t))
    return w - learning_rate * mean / (1 - beta_1**t) / (root + epsilon), mean, mean_square, t


def adam_step_epsilon_inside(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """ε is added before the root is taken, as in RMSProp. On which side of the root does Adam's formula have it?"""
    t = t + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - rate * mean / np.sqrt(mean_square + epsilon), mean, mean_square, t


def adam_step_with_the_gradient(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """w moves along the present gradient, and the mean is computed but not used. What is Adam's first difference?"""
    t = t + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - rate * gradient / (np.sqrt(mean_square) + epsilon), mean, mean_square, t


def adam_step_square_of_the_mean(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """s collects the squares of the mean m. Of what is mean_square the mean?"""
    t = t + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * mean**2
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - rate * mean / (np.sqrt(mean_square) + epsilon), mean, mean_square, t


def adam_step_not_squared(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """The gradient is not squared in s, so it becomes a second m. Of what is mean_square the mean?"""
    t = t + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - rate * mean / (np.sqrt(mean_square) + epsilon), mean, mean_square, t


def adam_step_betas_swapped(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """β₁ and β₂ have changed places. Which one belongs to the mean m?"""
    return _adam(w, mean, mean_square, t, gradient, learning_rate, beta_2, beta_1, epsilon)


def adam_step_rate_swapped(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """β₁ and β₂ have changed places in the rate. Which of the two corrections belongs to s, and stands under a root?"""
    t = t + 1
    mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    rate = learning_rate * np.sqrt(1 - beta_1**t) / (1 - beta_2**t)
    return w - rate * mean / (np.sqrt(mean_square) + epsilon), mean, mean_square, t


def adam_step_uphill(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """The step goes uphill. Which way does the mean of the gradients point?"""
    return _adam(w, mean, mean_square, t, gradient, -learning_rate, beta_1, beta_2, epsilon)


def adam_step_epsilon_added_to_w(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """ε is added to w at the end: a bracket is missing around the sum. What is divided by what?"""
    new, *state = _adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, 0.0)
    return new + epsilon, *state


def adam_step_epsilon_on_the_step(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """ε is not under the line: a bracket is missing around the sum. What is divided by what?"""
    new, *state = _adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, 0.0)
    return new - epsilon, *state


def adam_step_root_over_both(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
    """Both corrections stand under the root. Which one belongs to m, which has no root?"""
    root = lambda beta, t: np.sqrt(1 - beta**t)  # noqa: E731
    return _adam(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon, first=root)


def adamw_step(w, w_adam, learning_rate, weight_decay):
    """Return the new w of AdamW."""
    return w_adam - learning_rate * weight_decay * w


def adamw_step_of_the_new(w, w_adam, learning_rate, weight_decay):
    """It takes a share of the weight after Adam's step. Which w stands beside λ in the formula?"""
    return w_adam - learning_rate * weight_decay * w_adam


def adamw_step_without_rate(w, w_adam, learning_rate, weight_decay):
    """The rate is missing before the pull. Which two numbers multiply w in the formula?"""
    return w_adam - weight_decay * w


def adamw_step_growing(w, w_adam, learning_rate, weight_decay):
    """The weights grow. What sign does the pull have in the formula?"""
    return w_adam + learning_rate * weight_decay * w


def adamw_step_without_adam(w, w_adam, learning_rate, weight_decay):
    """Only the pull is left, and Adam's step is gone. In which argument is that step?"""
    return w - learning_rate * weight_decay * w


def adamw_step_without_decay(w, w_adam, learning_rate, weight_decay):
    """It is Adam's step alone, and nothing decays. Which further term does the formula have?"""
    return w_adam


def adamw_step_twice(w, w_adam, learning_rate, weight_decay):
    """w_adam is w after Adam's step already, and here w is added once more. How often does w stand in the formula?"""
    return w + w_adam - learning_rate * weight_decay * w


def adamw_step_without_w(w, w_adam, learning_rate, weight_decay):
    """All weights lose the same amount, large or small. What does λ multiply?"""
    return w_adam - learning_rate * weight_decay


def adamw_step_of_the_step(w, w_adam, learning_rate, weight_decay):
    """It shrinks Adam's step, not the weight. What does λ multiply?"""
    return w + (1 - learning_rate * weight_decay) * (w_adam - w)


def adamw_step_share_kept(w, w_adam, learning_rate, weight_decay):
    """The weight keeps only the share that was to be taken away. Which share stays?"""
    return learning_rate * weight_decay * w_adam


def work_of_first_steps(slope=0.02, learning_rate=0.1, rho=0.75):
    """The lengths of the first step: plain SGD's, Adagrad's, RMSProp's and Adam's."""
    plain = learning_rate * slope
    adagrad = learning_rate * slope / np.sqrt(slope**2)
    rmsprop = learning_rate * slope / np.sqrt((1 - rho) * slope**2)
    return [plain, adagrad, rmsprop, learning_rate]


def work_of_best_for_ravine(smallest=4, largest=100):
    """The best learning rate, and the best momentum."""
    rate = (2 / (np.sqrt(largest) + np.sqrt(smallest))) ** 2
    momentum = ((np.sqrt(largest) - np.sqrt(smallest)) / (np.sqrt(largest) + np.sqrt(smallest))) ** 2
    return [rate, momentum]


RATES = np.array([[0.05], [0.2], [0.7], [1.5]])  # in a column, as the race hands them over with rows of weights


def _case(seed, shape, states, *settings):
    """Return a random w, so many states of its shape, a gradient, and the settings; none near zero."""
    rng = np.random.default_rng(seed)
    drawn = [rng.choice([-1, 1], shape) * rng.uniform(0.3, 3, shape) for _ in range(states + 2)]
    return *drawn, *settings


def _squares(seed, shape, *settings):
    """Return a random w, a state that is positive, a gradient, and the settings."""
    w, state, gradient, *settings = _case(seed, shape, 1, *settings)
    return w, np.abs(state), gradient, *settings


def _adam_case(seed, shape, t, *settings):
    """Return random arguments of a step of Adam after t others."""
    w, mean, square, gradient, *settings = _case(seed, shape, 2, *settings)
    return w, mean, np.abs(square), t, gradient, *settings


def _from_zero(case, states=1):
    """Return the same case with states of zeros, one for each weight, as at the first step."""
    w, *rest = case
    return w, *[np.zeros(w.shape[-1])] * states, *rest[states:]


EXERCISES = [
    Exercise(
        momentum_step,
        returns=("w", "velocity"),
        why="What is left of the old velocity, minus the gradient's part, is the new velocity; and w adds it.",
        hints=[
            "Two lines, one for each formula, in their order. Which of the two results does the other one need?",
            "First the velocity: momentum times the old one, minus learning_rate times gradient.",
            "Then w plus this new velocity; and return both, w first.",
        ],
        cases=[
            (np.array([6.0, -1.0]), np.array([-2.6, 3.2]), np.array([4.0, -6.0]), 0.25, 0.5),
            _case(0, 3, 1, 0.2, 0.7),
            _case(1, (2, 3), 1, 0.05, 0.9),
        ],
        others=[_case(6, 3, 1, 0.2, 0.0)],
        later=[_from_zero(_case(7, (4, 2), 1, RATES, 0.9)), _case(7, (4, 2), 1, RATES, 0.9)],
        mistakes=[
            momentum_step_uphill,
            momentum_step_turned,
            momentum_step_on_w,
            momentum_step_w_fades,
            momentum_step_old_velocity,
            momentum_step_forgotten,
            momentum_step_plain,
            momentum_step_averaged,
            momentum_step_rate_later,
            momentum_step_rate_twice,
            momentum_step_nesterov,
            momentum_step_rate_on_the_sum,
        ],
    ),
    Question(
        "best_for_ravine",
        [1 / 36, 4 / 9],
        why="The roots are 2 and 10: η = (2/12)² = 0.0278, and μ = (8/12)² = 0.444.",
        hints=[
            "Take the roots of the two curvatures first; both are whole numbers.",
            "The roots are 2 and 10. Both fractions have their sum below the line.",
            "Above the line: 2 for η, the difference of the roots for μ. Then square each fraction.",
        ],
        work=work_of_best_for_ravine,
        mistakes=[
            ([1 / 6, 2 / 3], "Neither fraction is squared yet. What stands outside of the brackets?"),
            ([1 / 6, 4 / 9], "The fraction of η isn't squared yet. What stands outside of its bracket?"),
            (
                [1 / 36, 96 / 104],
                "In μ 4 and 100 stand where their roots belong, and the square is missing. What is √4?",
            ),
            ([1 / 36, 2 / 3], "That is √μ, the factor of a step. What is μ itself?"),
            (
                [1 / 52, 4 / 9],
                "That is the best rate of plain SGD, 2 over the sum of the curvatures. Where are the roots?",
            ),
            (
                [1 / 52, (96 / 104) ** 2],
                "The roots are missing: 4 and 100 stand where √4 and √100 belong. What are these?",
            ),
            ([1 / 2704, (96 / 104) ** 2], "The roots are missing: what are √4 and √100?"),
            (
                [1 / 36, 1 / 6],
                "Something was divided wrongly: the difference of the roots is 8. What is 8/12, squared?",
            ),
            ([0.1336, 0.4026], "That is for the ravine with curvatures 1 and 20. What are the curvatures of this one?"),
            ([4 / 9, 1 / 36], "The two numbers have changed places. Which one was asked for first?"),
        ],
    ),
    Exercise(
        nesterov_step,
        returns=("w", "velocity"),
        why="The line before has made the new velocity; w adds μ times that, and subtracts the gradient's part again.",
        hints=[
            "The line before has made the new velocity already. Write the last formula with it.",
            "Three terms: w, plus momentum times velocity, minus learning_rate times gradient.",
        ],
        cases=[
            (np.array([6.0, -2.0]), np.array([-3.0, 1.0]), np.array([4.0, -6.0]), 0.25, 0.5),
            _case(2, 3, 1, 0.2, 0.7),
            _case(3, (2, 3), 1, 0.05, 0.9),
        ],
        others=[_case(8, 3, 1, 0.2, 0.0)],
        later=[_from_zero(_case(9, (4, 2), 1, RATES, 0.9)), _case(9, (4, 2), 1, RATES, 0.9)],
        mistakes=[
            nesterov_step_old_velocity,
            nesterov_step_whole_velocity,
            nesterov_step_twice,
            nesterov_step_without_gradient,
            nesterov_step_uphill,
            nesterov_step_backwards,
            nesterov_step_on_w,
        ],
    ),
    Exercise(
        adagrad_step,
        gaps=2,
        returns=("w", "accumulator"),
        why="G grows by the square of each gradient, and its root divides the step, for each weight apart.",
        hints=[
            "Two lines, one for each formula. NumPy works entry by entry, so each weight gets its own G by itself.",
            "The accumulator gets gradient**2 added. Then w moves, with the new accumulator under the root.",
            "np.sqrt(accumulator + epsilon) divides learning_rate * gradient: ε stands under the root.",
        ],
        cases=[
            (np.array([6.0, -2.0]), np.array([6.75, 2.0]), np.array([3.0, -2.0]), 0.5, 0.25),
            _squares(0, 3, 1.5, 0.5),
            _squares(1, (2, 3), 0.7, 0.2),
        ],
        others=[_from_zero(_squares(4, 3, 0.3, 0.5))],
        later=[_from_zero(_squares(5, (4, 2), RATES, 0.2)), _squares(5, (4, 2), RATES, 0.2)],
        mistakes=[
            adagrad_step_not_squared,
            adagrad_step_sizes,
            adagrad_step_forgets,
            adagrad_step_old_accumulator,
            adagrad_step_not_kept,
            adagrad_step_epsilon_outside,
            adagrad_step_without_epsilon,
            adagrad_step_epsilon_kept,
            adagrad_step_without_root,
            adagrad_step_one_for_all,
            adagrad_step_uphill,
            adagrad_step_multiplied,
            adagrad_step_epsilon_added_to_w,
            adagrad_step_epsilon_on_w,
        ],
    ),
    Exercise(
        rmsprop_step,
        returns=("w", "mean_square"),
        why="The mean runs over the steps, not over the weights: each weight keeps one of its own.",
        hints=[
            "Which shape should mean_square have, and which shape does it get?",
            "One line takes a mean over things that have nothing to do with each other. Which?",
            "np.mean makes one number of all weights' squares. The formula has no such mean.",
        ],
        cases=[
            (np.array([5.0, -4.0]), np.array([2.0, 7.0]), np.array([3.0, -2.0]), 0.5, 0.75, 0.25),
            _squares(2, 3, 0.2, 0.6, 0.5),
            _squares(3, (2, 3), 0.3, 0.9, 0.05),
        ],
        others=[_from_zero(_squares(6, 3, 0.3, 0.9, 0.5))],
        later=[_from_zero(_squares(7, (4, 2), RATES, 0.6, 0.2)), _squares(7, (4, 2), RATES, 0.6, 0.2)],
        mistakes=[
            rmsprop_step_shared,
            rmsprop_step_shared_sum,
            rmsprop_step_never_forgets,
            rmsprop_step_adagrad,
            rmsprop_step_swapped,
            rmsprop_step_square_counts_whole,
            rmsprop_step_not_squared,
            rmsprop_step_square_of_mean,
            rmsprop_step_epsilon_outside,
            rmsprop_step_old_mean,
            rmsprop_step_shared_whole,
            rmsprop_step_shared_epsilon_outside,
        ],
        broken=rmsprop_step_broken,
    ),
    Exercise(
        adam_step,
        gaps=3,
        returns=("w", "mean", "mean_square", "t"),
        why="t counts this step too, both means move a share of the way, and the rate makes up for the start at zero.",
        hints=[
            "The means are done. Three lines are left: the count t, the corrected rate, and w, in this order.",
            "t + 1 comes first. Without it the first step has t = 0, and 1 - beta_1**0 is 0.",
            "rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t); here ε stands outside of the root.",
        ],
        cases=[
            (np.array([6.0, -2.0]), np.zeros(2), np.zeros(2), 0, np.array([4.0, -1.0]), 0.5, 0.8, 0.75, 0.5),
            _adam_case(0, 3, 2, 0.2, 0.7, 0.9, 0.4),
            _adam_case(1, (2, 3), 4, 0.3, 0.6, 0.8, 0.05),
        ],
        others=[(np.array([6.0, -2.0]), np.zeros(2), np.zeros(2), 0, np.array([0.0, -1.0]), 0.5, 0.8, 0.75, 0.5)],
        later=[
            _from_zero(_adam_case(2, (4, 2), 0, RATES, 0.6, 0.8, 0.05), states=2),
            _adam_case(2, (4, 2), 3, RATES, 0.6, 0.8, 0.05),
        ],
        mistakes=[
            adam_step_from_zero,
            adam_step_never_counts,
            adam_step_power_of_difference,
            adam_step_times_t,
            adam_step_without_powers,
            adam_step_without_correction,
            adam_step_first_correction_only,
            adam_step_second_correction_only,
            adam_step_correction_without_root,
            adam_step_correction_upside_down,
            adam_step_keeps_the_corrected,
            adam_step_epsilon_corrected,
            adam_step_epsilon_inside,
            adam_step_with_the_gradient,
            adam_step_square_of_the_mean,
            adam_step_not_squared,
            adam_step_betas_swapped,
            adam_step_rate_swapped,
            adam_step_root_over_both,
            adam_step_epsilon_on_the_step,
            adam_step_epsilon_added_to_w,
            adam_step_uphill,
        ],
    ),
    Question(
        "first_steps",
        [0.002, 0.1, 0.2, 0.1],
        why="SGD: 0.1 · 0.02. Adagrad divides the slope by itself. RMSProp divides it by the root of a quarter of its "
        "square, by half of itself. Adam corrects both means, which leaves the slope divided by itself.",
        hints=[
            "Write the slope as g. Adagrad's G is g² after the first gradient. What is g divided by the root of g²?",
            "RMSProp's mean holds 1 - ρ = 0.25 of g² at first. The root of 0.25 is 0.5.",
            "Corrected, Adam's two means are g and g². What is left of g?",
        ],
        work=work_of_first_steps,
        mistakes=[
            ([0.002, 0.002, 0.002, 0.002], "That is plain SGD's step each time. By what do the other three divide it?"),
            (
                [0.002, 0.1, 0.1, 0.1],
                "RMSProp's mean holds only a share of the square at first. What is the root of it?",
            ),
            ([0.002, 0.1, 0.4, 0.1], "RMSProp divides by the root of its mean. What is the root of 0.25?"),
            ([0.002, 0.1, 0.05, 0.1], "RMSProp's step is divided by 0.5, not multiplied. Does it grow or shrink?"),
            ([0.002, 0.1, 0.2, 0.2], "Adam's mean of the squares is corrected. Which share of g² is in it then?"),
            (
                [0.002, 0.1, 0.1 / np.sqrt(0.75), 0.1],
                "The share of the new square is 1 - ρ. Which share does ρ belong to?",
            ),
            (
                [0.002, 0.1, 0.2, 0.316],
                "That is Adam without its correction. What does the correction make of the two means?",
            ),
            ([0.002, 5, 0.2, 0.1], "Adagrad divides by the root of G, and G holds the square. What is the root of g²?"),
            ([0.02, 1, 2, 1], "The rate is missing. By what is each of them multiplied?"),
            ([0.2, 0.1, 0.2, 0.1], "Plain SGD's slope is divided by the rate here. How long is its step?"),
            ([0.02, 0.1, 0.2, 0.1], "Plain SGD multiplies the slope by the rate. How long is its step?"),
        ],
    ),
    Exercise(
        adamw_step,
        why="Adam's step stays as it is; apart from it each weight loses the share ηλ of what it was.",
        hints=[
            "w_adam is w minus the last term of the formula already. Which term is still to come?",
            "The pull is learning_rate times weight_decay times the old w. Subtract it from w_adam.",
        ],
        cases=[
            (np.array([5.0, -3.0]), np.array([4.0, -1.5]), 0.5, 0.25),
            _case(4, 3, 0, 0.3, 0.4),
            _case(5, (2, 3), 0, 0.2, 0.35),
        ],
        others=[_case(10, 3, 0, 0.2, 0.0)],
        mistakes=[
            adamw_step_of_the_new,
            adamw_step_without_rate,
            adamw_step_growing,
            adamw_step_without_adam,
            adamw_step_without_decay,
            adamw_step_twice,
            adamw_step_without_w,
            adamw_step_of_the_step,
            adamw_step_share_kept,
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "How long does a step become on the even slope?",
        ["it stays near 0.1", "about twice as long", "about ten times as long", "it grows for ever"],
        right="about ten times as long",
        counters={
            "it stays near 0.1": "The velocity keeps 0.9 of itself and gets another 0.1.",
            "about twice as long": "With 0.2 it keeps 0.18 and gets 0.1: it still grows.",
            "it grows for ever": "At 1.0 it loses 0.1 and gets 0.1.",
        },
    ),
    Prediction(
        "After how many steps does Adagrad settle in the turned ravine?",
        ["about 5 again", "about 12", "more than 50"],
        right="more than 50",
        counters={
            "about 5 again": "Both gradients are now of much the same size, so both weights get much the same rates.",
            "about 12": "Both gradients are now of much the same size, so both weights get much the same rates.",
        },
    ),
    Prediction(
        "How long would the first step be without any correction?",
        [
            "about a tenth of the learning rate",
            "as long as the learning rate",
            "about three times the learning rate",
        ],
        right="about three times the learning rate",
        counters={
            "about a tenth of the learning rate": "That is m alone, and the root of s is small too.",
            "as long as the learning rate": "0.1 and the root of 0.001 are not equal.",
        },
    ),
    Prediction(
        "After five epochs, is Adam's validation loss lower than plain SGD's?",
        ["yes, clearly", "it is about the same", "no, clearly higher"],
        right="it is about the same",
        counters={
            "yes, clearly": "Before rounding the medians differ by about 0.01, less than runs of one method do.",
            "no, clearly higher": "Before rounding the medians differ by about 0.01, less than runs of one method do.",
        },
    ),
    Prediction(
        "With L2 inside Adam, which weight shrinks least?",
        ["the one with the large gradients", "the one with the small gradients", "all shrink alike"],
        right="the one with the large gradients",
        counters={
            "the one with the small gradients": "Its pull is divided by a small number.",
            "all shrink alike": "Each pull is divided by another number.",
        },
    ),
]
