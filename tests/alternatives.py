"""Right answers to the exercises, written otherwise than the course's own: all of them must pass."""

ALTERNATIVES = {
    "slope_between": [
        """
        def slope_between(height, left, right):
            rise, distance = height(left) - height(right), left - right
            return rise / distance
        """,
        """
        def slope_between(height, start, end):
            heights = np.array([height(place) for place in (start, end)])
            return np.diff(heights)[0] / abs(start - end)
        """,
    ],
    "step_down": [
        """
        def step_down(w, slope):
            w -= slope / 10
            return w
        """,
        """
        def step_down(place, slope, rate=0.1):
            return place + rate * (-slope)
        """,
    ],
    "steps_until_flat": [
        """
        def steps_until_flat(w, gradient, flat):
            for steps in range(10**6):
                slope = gradient(w)
                if -flat < slope < flat:
                    return steps
                w -= slope / 10
        """,
        """
        def steps_until_flat(w, gradient, flat, rate=0.1):
            return 0 if abs(gradient(w)) < flat else 1 + steps_until_flat(w - rate * gradient(w), gradient, flat)
        """,
    ],
    "one_step": [
        """
        def one_step(w, gradient, learning_rate):
            w -= learning_rate * gradient(w)
            return w
        """,
        """
        def one_step(old, slope, eta):
            change = np.array([-1, 1]) @ np.array([eta * slope(old), old])
            return np.float64(change)
        """,
    ],
    "walk": [
        """
        def walk(w, gradient, learning_rate, steps):
            while steps:
                w, steps = w - learning_rate * gradient(w), steps - 1
            return w
        """,
        """
        def walk(w, gradient, learning_rate, steps):
            path = [w]
            for _ in range(steps):
                path.append(path[-1] - learning_rate * gradient(path[-1]))
            return path[-1]
        """,
    ],
    "curvature": [
        """
        def curvature(gradient, w, h):
            left, right = gradient(w - h), gradient(w + h)
            return (right - left) / h / 2
        """,
        """
        def curvature(slope, place, nudge):
            slopes = np.array([slope(place + side * nudge) for side in (-1, 1)])
            return np.diff(slopes)[0] / (place + nudge - (place - nudge))
        """,
    ],
    "shared_limit": [
        """
        def shared_limit(curvatures):
            return min(2 / c for c in curvatures)
        """,
        """
        def shared_limit(curvatures):
            return 2 / np.array(curvatures).max()
        """,
        """
        def shared_limit(curvatures):
            return 2 / sorted(curvatures)[-1]
        """,
    ],
    "first_rise": [
        """
        def first_rise(loss, gradient, w, learning_rate, steps):
            losses = [loss(w)]
            for step in range(steps):
                w -= learning_rate * gradient(w)
                losses.append(loss(w))
                if losses[-1] > losses[-2]:
                    return len(losses) - 1
            return 0
        """,
        """
        def first_rise(loss, gradient, w, learning_rate, steps):
            path = [w]
            for _ in range(steps):
                path.append(path[-1] - learning_rate * gradient(path[-1]))
            rises = np.diff([loss(w) for w in path]) > 0
            return int(rises.argmax()) + 1 if rises.any() else 0
        """,
    ],
    "gradient_of_g": [
        """
        def gradient_of_g(w):
            return [2 * w[0] - w[1], 4 * w[1] - w[0]]
        """,
        """
        def gradient_of_g(w):
            return np.array([[2, -1], [-1, 4]]) @ w
        """,
    ],
    "rate_along": [
        """
        def rate_along(gradient, w, direction):
            return np.dot(gradient(w), direction) / np.sqrt(np.dot(direction, direction))
        """,
        """
        def rate_along(gradient, w, direction):
            length = sum(d * d for d in direction) ** 0.5
            return sum(g * d / length for g, d in zip(gradient(w), direction))
        """,
    ],
    "record_path": [
        """
        def record_path(start, gradient, learning_rate, steps):
            w, path = np.asarray(start) * 1.0, np.empty((steps + 1, len(start)))
            path[0] = w
            for k in range(steps):
                w = w - learning_rate * gradient(w)
                path[k + 1] = w
            return path
        """,
        """
        def record_path(start, gradient, learning_rate, steps):
            path = [[float(s) for s in start]]
            for _ in range(steps):
                w = np.array(path[-1])
                path += [(w - learning_rate * gradient(w)).tolist()]
            return path
        """,
    ],
    "mse_gradient": [
        """
        def mse_gradient(X, y, w):
            residuals = [sum(a * b for a, b in zip(row, w)) - target for row, target in zip(X, y)]
            return [2 * sum(r * row[j] for r, row in zip(residuals, X)) / len(X) for j in range(len(w))]
        """,
        """
        def mse_gradient(X, y, w):
            return np.mean(2 * (X @ w - y)[:, None] * X, axis=0)
        """,
    ],
    "column_loss": [
        """
        def column_loss(X, y, W):
            residual = X @ W - y.reshape(-1, 1)
            return (residual**2).mean()
        """,
        """
        def column_loss(X, y, W):
            r = y - np.ravel(X @ W)
            return r @ r / len(r)
        """,
    ],
    "standardise": [
        """
        def standardise(old, new):
            scaled = [[], []]
            for j in range(old.shape[1]):
                middle, spread = np.mean(old[:, j]), np.std(old[:, j])
                for k, table in enumerate([old, new]):
                    scaled[k].append((table[:, j] - middle) / spread)
            return np.array(scaled[0]).T, np.array(scaled[1]).T
        """,
        """
        def standardise(old, new):
            centred = old - old.mean(axis=0, keepdims=True)
            std = (centred**2).mean(axis=0) ** 0.5
            return [centred / std, new / std - old.mean(axis=0) / std]
        """,
    ],
    "one_epoch": [
        """
        def one_epoch(X, y, w, order, batch_size, learning_rate):
            X, y, w = X[order], y[order], w.copy()
            path = [w.copy()]
            while len(X):
                Xb, yb = X[:batch_size], y[:batch_size]
                w -= learning_rate * 2 * Xb.T @ (Xb @ w - yb) / len(yb)
                path.append(w.copy())
                X, y = X[batch_size:], y[batch_size:]
            return np.array(path)
        """,
        """
        def one_epoch(X, y, w, order, batch_size, learning_rate):
            path = np.empty((-(-len(X) // batch_size) + 1, len(w)))
            path[0] = w
            for k in range(len(path) - 1):
                rows = order[k * batch_size : (k + 1) * batch_size]
                slope = np.mean([2 * (X[i] @ path[k] - y[i]) * X[i] for i in rows], axis=0)
                path[k + 1] = path[k] - learning_rate * slope
            return path
        """,
    ],
    "softmax": [
        """
        def softmax(z):
            e = np.exp(z.T - z.max(axis=1))
            return (e / e.sum(axis=0)).T
        """,
        """
        def softmax(z):
            rows = [np.exp(row - max(row)) for row in z]
            return [list(row / sum(row)) for row in rows]
        """,
    ],
    "cross_entropy": [
        """
        def cross_entropy(p, y):
            surprises = []
            for row, label in zip(p, y):
                surprises.append(-np.log(row[label]))
            return sum(surprises) / len(surprises)
        """,
        """
        def cross_entropy(p, y):
            onehot = np.eye(p.shape[1])[y]
            return np.mean(np.sum(onehot * np.log(1 / p), axis=1))
        """,
    ],
    "layer_gradient": [
        """
        def layer_gradient(X, p, y):
            dz = (p - np.eye(p.shape[1])[y]) / len(X)
            return X.T @ dz, sum(dz)
        """,
        """
        def layer_gradient(X, p, y):
            n, classes = p.shape
            onehot = (np.arange(classes) == y[:, None]).astype(float)
            dW = np.einsum("ij,ik->jk", X, p - onehot) / n
            return [dW, (p - onehot).mean(axis=0)]
        """,
    ],
    "accuracy": [
        """
        def accuracy(p, y):
            right = [row.argmax() == label for row, label in zip(p, y)]
            return sum(right) / len(right)
        """,
        """
        def accuracy(p, y):
            return np.count_nonzero(np.argmax(np.log(p), axis=-1) == y) / len(y)
        """,
    ],
    "confusion_matrix": [
        """
        def confusion_matrix(guess, y, classes):
            counts = np.zeros((classes, classes), dtype=int)
            np.add.at(counts, (y, guess), 1)
            return counts
        """,
        """
        def confusion_matrix(guess, y, classes):
            return np.bincount(classes * y + guess, minlength=classes**2).reshape(classes, classes)
        """,
    ],
    "layer_below": [
        """
        def layer_below(dz, W, z, a):
            da = np.einsum("ik,jk->ij", dz, W)
            d = np.where(z > 0, da, 0)
            return [d, np.einsum("ij,ik->jk", a, d), np.ones(len(d)) @ d]
        """,
        """
        def layer_below(dz, W, z, a):
            d = (W @ dz.T).T
            d[z <= 0] = 0
            return d, (d.T @ a).T, sum(d)
        """,
    ],
    "two_layer_step": [
        """
        def two_layer_step(X, W1, W2, dz2, learning_rate):
            z1 = X @ W1
            dW2 = np.maximum(z1, 0).T @ dz2
            dW1 = X.T @ np.where(z1 > 0, dz2 @ W2.T, 0)
            return W1 - learning_rate * dW1, W2 - learning_rate * dW2
        """,
        """
        def two_layer_step(X, W1, W2, dz2, learning_rate):
            z1 = X @ W1
            old = W2.copy()
            W2 = W2 - learning_rate * (z1 * (z1 > 0)).T @ dz2
            return [W1 - X.T @ (learning_rate * dz2 @ old.T * (z1 > 0)), W2]
        """,
    ],
    "largest_difference": [
        """
        def largest_difference(ours, theirs):
            largest = 0
            for a, b in zip(ours, theirs):
                largest = max(largest, (a - b).max(), (b - a).max())
            return largest
        """,
        """
        def largest_difference(ours, theirs):
            flat = [np.concatenate([np.ravel(array) for array in arrays]) for arrays in (ours, theirs)]
            return np.linalg.norm(flat[0] - flat[1], ord=np.inf)
        """,
    ],
    "apply_gradients": [
        """
        def apply_gradients(variables, gradients, learning_rate):
            new = []
            for i in range(len(variables)):
                new.append(variables[i] - learning_rate * gradients[i])
            return new
        """,
        """
        def apply_gradients(variables, gradients, learning_rate):
            return tuple(map(lambda v, g: v + -learning_rate * g, variables, gradients))
        """,
    ],
    "dead_units": [
        """
        def dead_units(X, W1, b1):
            alive = np.maximum(X @ W1 + b1, 0).any(axis=0)
            return len(alive) - alive.sum()
        """,
        """
        def dead_units(X, W1, b1):
            highest = (X @ W1).max(axis=0) + b1
            return len([value for value in highest if value <= 0])
        """,
    ],
    "prepare": [
        """
        def prepare(images, labels):
            return np.array([image.ravel() / 255 for image in images]), labels
        """,
        """
        def prepare(images, labels):
            n, rows, columns = images.shape
            return [(images / np.float32(255)).reshape((n, rows * columns)), np.array(labels)]
        """,
    ],
    "z_scores": [
        """
        def z_scores(x):
            centred = x - x.sum() / len(x)
            return centred / np.sqrt((centred**2).mean())
        """,
        """
        def z_scores(x):
            mean, std = np.mean(x), np.std(x)
            return [(one - mean) / std for one in x]
        """,
    ],
    "predict_mass": [
        """
        def predict_mass(flipper, a, b, mean, std):
            z = (flipper - mean) / std
            return b + a * z
        """,
        """
        def predict_mass(flipper, a, b, mean, std):
            slope = a / std
            return slope * flipper + (b - slope * mean)
        """,
    ],
    "row_shares": [
        """
        def row_shares(table):
            total = table.sum(axis=1)[:, None]
            return table / total
        """,
        """
        def row_shares(table):
            return [row / sum(row) for row in table]
        """,
        """
        def row_shares(table):
            return (table.T / table.sum(1)).T
        """,
    ],
    "batches": [
        """
        def batches(order, batch_size):
            cut = []
            while len(order):
                cut.append(order[:batch_size])
                order = order[batch_size:]
            return cut
        """,
        """
        def batches(order, batch_size):
            return np.split(order, range(batch_size, len(order), batch_size))
        """,
        """
        def batches(order, batch_size):
            number = int(np.ceil(len(order) / batch_size))
            return [order[i * batch_size : min((i + 1) * batch_size, len(order))] for i in range(number)]
        """,
    ],
    "nearest_mean": [
        """
        def nearest_mean(means, X):
            return np.array([np.argmin([np.linalg.norm(image - mean) for mean in means]) for image in X])
        """,
        """
        def nearest_mean(means, X):
            return ((X[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
        """,
        """
        def nearest_mean(means, X):
            return (2 * X @ means.T - (means**2).sum(axis=1)).argmax(axis=1)
        """,
    ],
    "on_a_log_scale": [
        """
        def on_a_log_scale(share, low, high):
            return np.exp(np.log(low) + share * (np.log(high) - np.log(low)))
        """,
        """
        def on_a_log_scale(share, low, high):
            return low ** (1 - share) * high**share
        """,
    ],
    "cosine_rate": [
        """
        def cosine_rate(step, steps, peak, floor):
            if step > steps:
                return floor
            return (peak + floor) / 2 + (peak - floor) / 2 * np.cos(np.pi * step / steps)
        """,
        """
        def cosine_rate(step, steps, peak, floor):
            done = np.clip(step / steps, 0, 1)
            return floor + (peak - floor) * np.cos(np.pi * done / 2) ** 2
        """,
    ],
    "fair_comparison": [
        """
        def fair_comparison(a, b):
            difference = b - a
            error = np.sqrt(difference.var(ddof=1) / difference.size)
            return difference.mean(), error
        """,
        """
        def fair_comparison(a, b):
            n, differences = len(a), [after - before for before, after in zip(a, b)]
            mean = sum(differences) / n
            squares = sum((one - mean) ** 2 for one in differences)
            return [mean, (squares / (n - 1) / n) ** 0.5]
        """,
    ],
    "choose_rate": [
        """
        def choose_rate(rates, seed, start, train, validation_loss, test_loss):
            losses = [validation_loss(train(start(seed), rate, seed)) for rate in rates]
            return min(zip(losses, rates))[1], losses
        """,
        """
        def choose_rate(rates, seed, start, train, validation_loss, test_loss):
            first, losses = start(seed), np.empty(len(rates))
            for i, rate in enumerate(rates):
                losses[i] = validation_loss(train(first.copy(), rate, seed))
            return rates[losses.argmin()], losses
        """,
    ],
    "momentum_step": [
        """
        def momentum_step(w, velocity, gradient, learning_rate, momentum):
            step = learning_rate * gradient
            new_velocity = -step + velocity * momentum
            new_w = w + new_velocity
            return new_w, new_velocity
        """,
        """
        def momentum_step(w, v, g, eta, mu):
            moved = w - (eta * g - mu * v)
            return [moved, moved - w]
        """,
    ],
    "nesterov_step": [
        """
        def nesterov_step(w, velocity, gradient, learning_rate, momentum):
            step = learning_rate * gradient
            velocity = momentum * velocity - step
            return w - step + momentum * velocity, velocity
        """,
        """
        def nesterov_step(w, velocity, gradient, learning_rate, momentum):
            new = momentum * velocity - learning_rate * gradient
            return w + (1 + momentum) * new - momentum * velocity, new
        """,
    ],
    "adagrad_step": [
        """
        def adagrad_step(w, accumulator, gradient, learning_rate, epsilon):
            accumulator = accumulator + gradient * gradient
            rates = learning_rate / (accumulator + epsilon) ** 0.5
            return w - rates * gradient, accumulator
        """,
        """
        def adagrad_step(w, total, g, eta, eps):
            new = total + np.square(g)
            return w + (-eta) * g / np.sqrt(eps + new), new
        """,
    ],
    "rmsprop_step": [
        """
        def rmsprop_step(w, mean_square, gradient, learning_rate, rho, epsilon):
            mean_square = mean_square + (1 - rho) * (gradient**2 - mean_square)
            return w - learning_rate * gradient / np.sqrt(mean_square + epsilon), mean_square
        """,
        """
        def rmsprop_step(w, s, g, eta, rho, eps):
            s = np.square(g) - rho * (np.square(g) - s)
            rates = eta * (s + eps) ** -0.5
            return w - rates * g, s
        """,
    ],
    "adam_step": [
        """
        def adam_step(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
            t += 1
            mean = mean + (1 - beta_1) * (gradient - mean)
            mean_square = mean_square + (1 - beta_2) * (gradient**2 - mean_square)
            rate = learning_rate * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
            return w - rate * mean / (mean_square**0.5 + epsilon), mean, mean_square, t
        """,
        """
        def adam_step(w, mean, mean_square, t, gradient, learning_rate, beta_1, beta_2, epsilon):
            mean = beta_1 * mean + (1 - beta_1) * gradient
            mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
            first, second = 1 - np.power(beta_1, t + 1), 1 - np.power(beta_2, t + 1)
            root = np.sqrt(mean_square / second) + epsilon / np.sqrt(second)
            w = w - learning_rate * (mean / first) / root
            return w, mean, mean_square, t + 1
        """,
    ],
    "early_stopping": [
        """
        def early_stopping(losses, patience):
            lowest, keep, waited = np.inf, 0, 0
            for epoch, loss in enumerate(losses, start=1):
                lowest, keep, waited = (loss, epoch, 0) if loss < lowest else (lowest, keep, waited + 1)
                if waited == patience:
                    break
            return keep, epoch
        """,
        """
        def early_stopping(losses, patience):
            for stop in range(1, len(losses) + 1):
                known = list(losses[:stop])
                keep = known.index(min(known)) + 1
                if stop >= keep + patience:
                    return [keep, stop]
            return [keep, stop]
        """,
    ],
    "keep_best": [
        """
        def keep_best(w, one_epoch, patience):
            w = np.array(w)
            best, lowest, left = None, np.inf, patience
            while left:
                loss = one_epoch(w)
                left -= 1
                if loss < lowest:
                    best, lowest, left = w + 0, loss, patience
            return best
        """,
        """
        def keep_best(w, one_epoch, patience):
            w = w.copy()
            seen = []
            while True:
                seen.append((one_epoch(w), tuple(w)))
                losses = [loss for loss, _ in seen]
                first = losses.index(min(losses))
                if len(seen) - 1 - first == patience:
                    return np.array(seen[first][1])
        """,
    ],
    "l2_gradients": [
        """
        def l2_gradients(weights, l2):
            return [(array + array) * l2 if len(array.shape) > 1 else array * 0 for array in weights]
        """,
        """
        def l2_gradients(weights, l2):
            slopes = [np.zeros(array.shape) for array in weights]
            for slope, array in list(zip(slopes, weights))[::2]:
                slope += 2 * l2 * array
            return slopes
        """,
    ],
    "dropout": [
        """
        def dropout(a, u, rate, training):
            if training:
                a = np.where(u < rate, 0.0, a) / (1 - rate)
            return a
        """,
        """
        def dropout(a, u, rate, training):
            stays = 1 - rate if training else 1
            mask = np.ones(a.shape)
            mask[(u < rate) & training] = 0
            return mask * a / stays
        """,
    ],
    "dead_shares": [
        """
        def dead_shares(outputs):
            shares = []
            for a in outputs:
                dead = [unit for unit in a.T if not unit.any()]
                shares.append(len(dead) / a.shape[1])
            return shares
        """,
        """
        def dead_shares(outputs):
            return np.array([1 - np.mean(a.max(axis=0) > 0) for a in outputs])
        """,
    ],
    "train_in_batches": [
        """
        def train_in_batches(w, batches, slopes, learning_rate):
            for batch in batches:
                total = np.zeros(len(w))
                total = total + slopes(w, batch)
                w = w - learning_rate / len(batch) * total
            return w
        """,
        """
        def train_in_batches(w, batches, slopes, learning_rate):
            w = np.array(w)
            for batch in batches:
                w -= learning_rate * slopes(w, batch) / len(batch)
            return w
        """,
    ],
    "smallest_loss": [
        """
        def smallest_loss(classes):
            return np.log(np.e + classes - 1) - 1
        """,
        """
        def smallest_loss(classes):
            scores = np.zeros(classes)
            scores[0] = 1
            p = np.exp(scores) / np.exp(scores).sum()
            return -np.log(p[0])
        """,
    ],
    "start_spread": [
        """
        def start_spread(inputs, kept):
            return (inputs * kept) ** -0.5
        """,
        """
        def start_spread(inputs, kept):
            variance = 1 / inputs / kept
            return variance**0.5
        """,
    ],
    "frozen_step": [
        """
        def frozen_step(w, gradient, learning_rate, frozen):
            return w - learning_rate * gradient * (1 - frozen)
        """,
        """
        def frozen_step(w, gradient, learning_rate, frozen):
            new = w.copy()
            new[~frozen] -= learning_rate * gradient[~frozen]
            return new
        """,
    ],
    "adamw_step": [
        """
        def adamw_step(w, w_adam, learning_rate, weight_decay):
            change = w_adam - w
            return w * (1 - learning_rate * weight_decay) + change
        """,
        """
        def adamw_step(w, w_adam, learning_rate, weight_decay):
            pull = weight_decay * w
            return w_adam - learning_rate * pull
        """,
    ],
    "kernel_gradient": [
        """
        def kernel_gradient(windows, dZ):
            dK = np.einsum("nijuv,nijk->uvk", windows, dZ)
            return dK.reshape(-1, dZ.shape[-1]), dZ.sum(axis=(0, 1, 2))
        """,
        """
        def kernel_gradient(windows, dZ):
            slopes = dZ.reshape(-1, dZ.shape[-1])
            size = windows.shape[-1] ** 2
            dK = sum(np.outer(row, slope) for row, slope in zip(windows.reshape(-1, size), slopes))
            return dK, np.ones(len(slopes)) @ slopes
        """,
    ],
    "intersection_over_union": [
        """
        def intersection_over_union(box, other):
            t, l, b, r = box
            T, L, B, R = other
            common = max(0, min(b, B) - max(t, T)) * max(0, min(r, R) - max(l, L))
            return common / ((b - t) * (r - l) + (B - T) * (R - L) - common)
        """,
        """
        def intersection_over_union(box, other):
            box, other = np.array(box), np.array(other)
            sides = np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2])
            if (sides <= 0).any():
                return 0
            A, B = np.prod(box[2:] - box[:2]), np.prod(other[2:] - other[:2])
            return sides.prod() / (A + B - sides.prod())
        """,
    ],
    "in_picture": [
        """
        def in_picture(box, top, left):
            return 16 * np.asarray(box) + [top, left, top, left]
        """,
        """
        def in_picture(box, top, left):
            corner = (top, left)
            return [16 * share + corner[i % 2] for i, share in enumerate(box)]
        """,
    ],
    "suppress": [
        """
        def suppress(boxes, scores, overlap):
            def common(a, b):
                sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
                return np.prod(np.maximum(sides, 0))

            kept = []
            for k in np.argsort(scores)[::-1]:
                shares = []
                for j in kept:
                    both = common(boxes[k], boxes[j])
                    area = common(boxes[k], boxes[k]) + common(boxes[j], boxes[j]) - both
                    shares.append(both / area)
                if not shares or max(shares) <= overlap:
                    kept.append(k)
            return kept
        """,
        """
        def suppress(boxes, scores, overlap):
            top, left, bottom, right = np.array(boxes).T
            area = (bottom - top) * (right - left)
            left_over, kept = set(range(len(boxes))), []
            while left_over:
                best = max(left_over, key=lambda k: scores[k])
                kept.append(best)
                height = np.minimum(bottom, bottom[best]) - np.maximum(top, top[best])
                width = np.minimum(right, right[best]) - np.maximum(left, left[best])
                common = np.clip(height, 0, None) * np.clip(width, 0, None)
                share = common / (area + area[best] - common)
                left_over = {k for k in left_over - {best} if share[k] <= overlap}
            return np.array(kept)
        """,
    ],
    "two_errors": [
        """
        def two_errors(distances, same, threshold):
            accepted = distances < threshold
            return np.mean(accepted[same == 0]), np.mean(~accepted[same == 1])
        """,
        """
        def two_errors(distances, same, threshold):
            two, one = distances[same == 0], distances[same == 1]
            return (two < threshold).sum() / len(two), np.count_nonzero(one >= threshold) / len(one)
        """,
    ],
    "pair_slopes": [
        """
        def pair_slopes(places, same, margin):
            slopes = np.zeros(places.shape)
            for i, (A, B) in enumerate(places):
                distance = np.linalg.norm(A - B)
                away = -2 * max(margin - distance, 0) / distance
                slopes[i, 0] = (2 if same[i] else away) * (A - B) / len(places)
                slopes[i, 1] = -slopes[i, 0]
            return slopes
        """,
        """
        def pair_slopes(places, same, margin):
            difference = (places - places[:, ::-1]) / len(places)
            distance = np.linalg.norm(places[:, 0] - places[:, 1], axis=1)[:, None, None]
            kind = np.reshape(same, (-1, 1, 1))
            return 2 * kind * difference - 2 * (1 - kind) * np.maximum(margin / distance - 1, 0) * difference
        """,
    ],
    "split_people": [
        """
        def split_people(who, tested):
            test = who >= np.unique(who)[-tested]
            return np.flatnonzero(~test), np.flatnonzero(test)
        """,
        """
        def split_people(who, tested):
            last = sorted(set(who))[-tested:]
            rows = range(len(who))
            return [i for i in rows if who[i] not in last], [i for i in rows if who[i] in last]
        """,
    ],
    "shares": [
        """
        def shares(text, vocabulary):
            pairs = [text[i : i + 2] for i in range(len(text) - 1)]
            return [pairs.count(pair) / len(pairs) for pair in vocabulary]
        """,
        """
        def shares(text, vocabulary):
            row = np.zeros(len(vocabulary))
            for i in range(1, len(text)):
                for k, pair in enumerate(vocabulary):
                    if pair == text[i - 1 : i + 1]:
                        row[k] += 1 / (len(text) - 1)
            return row
        """,
    ],
    "text_score": [
        """
        def text_score(numbers, E, v, b):
            rows = [E[number] for number in numbers if number]
            return sum(row @ v for row in rows) / len(rows) + b
        """,
        """
        def text_score(numbers, E, v, b):
            counts = np.bincount(numbers, minlength=len(E))
            counts[0] = 0
            return counts @ E @ v / counts.sum() + b
        """,
    ],
    "embedding_gradient": [
        """
        def embedding_gradient(X, dz, v, words):
            dE = np.zeros((words, len(v)))
            for numbers, d in zip(X, dz):
                known = numbers[numbers > 0]
                for word in known:
                    dE[word] = dE[word] + d * v / len(known)
            return dE
        """,
        """
        def embedding_gradient(X, dz, v, words):
            shares = np.array([np.bincount(row[row > 0], minlength=words) / np.sum(row > 0) for row in X])
            return shares.T @ np.outer(dz, v)
        """,
    ],
    "with_pairs": [
        """
        def with_pairs(text):
            single = text.split()
            for i in range(len(single) - 1):
                single.append(f"{single[i]}'{single[i + 1]}")
            return " ".join(single)
        """,
        """
        def with_pairs(text):
            single = text.split()
            return " ".join([*single, *map("'".join, zip(single[:-1], single[1:]))])
        """,
    ],
    "attend": [
        """
        def attend(q, K, V):
            z = np.dot(K, q) / len(q) ** 0.5
            shares = np.exp(z) / np.exp(z).sum()
            return V.T @ shares, shares
        """,
        """
        def attend(q, K, V):
            e = np.array([np.exp(sum(key * q) / np.sqrt(q.size)) for key in K])
            a = e / e.sum()
            return [sum(weight * value for weight, value in zip(a, V)), a]
        """,
    ],
    "attend_gradient": [
        """
        def attend_gradient(dc, q, K, V, a):
            jacobian = (np.diag(a) - np.outer(a, a)) / np.sqrt(len(q))
            dz = jacobian @ (V @ dc)
            return K.T @ dz, np.outer(dz, q), np.outer(a, dc)
        """,
        """
        def attend_gradient(dc, q, K, V, a):
            c = a @ V
            dz = a * ((V - c) @ dc) / q.size**0.5
            return dz @ K, dz[:, None] * q[None, :], a[:, None] * dc[None, :]
        """,
    ],
    "translate": [
        """
        def translate(source, next_word, longest):
            before, last, words = 0, 0, []
            for _ in range(longest):
                before, last = last, next_word(source, before, last)
                if not last:
                    break
                words += [last]
            return words
        """,
        """
        def translate(source, next_word, longest):
            said = [0, 0]
            while len(said) < longest + 2 and (word := next_word(source, *said[-2:])):
                said.append(word)
            return np.array(said[2:])
        """,
    ],
    "add_up": [
        """
        def add_up(gradients, sizes):
            return np.average(gradients, axis=0, weights=sizes)
        """,
        """
        def add_up(gradients, sizes):
            m = sum(sizes)
            whole = np.zeros(len(gradients[0]))
            for g, n in zip(gradients, sizes):
                whole += n / m * g
            return whole
        """,
    ],
    "rows_of": [
        """
        def rows_of(rank, processes, n, batch_size, seed):
            order = np.random.default_rng(seed).permutation(n)
            rows = []
            for start in range(0, n, batch_size):
                rows.append(order[start : min(start + batch_size, n)][rank::processes])
            return rows
        """,
        """
        def rows_of(rank, processes, n, batch_size, seed):
            rng = np.random.default_rng(seed)
            batches = np.split(rng.permutation(n), range(batch_size, n, batch_size))
            return [[row for i, row in enumerate(batch) if i % processes == rank] for batch in batches]
        """,
    ],
    "sent_by_each": [
        """
        def sent_by_each(numbers, processes):
            return 2 * numbers - 2 * numbers / processes
        """,
        """
        def sent_by_each(numbers, processes):
            sent = 0
            for lap in range(2):
                for turn in range(1, processes):
                    sent += numbers / processes
            return sent
        """,
    ],
    "fill_and_scale": [
        """
        def fill_and_scale(X, train, val):
            X = X - np.nanmean(X[train], axis=0)
            X = np.where(np.isnan(X), 0, X)
            spread = X[train].std(axis=0)
            spread[spread == 0] = 1
            return X[train] / spread, X[val] / spread
        """,
        """
        def fill_and_scale(X, train, val):
            columns = []
            for x in X.T:
                mean = np.nanmean(x[train])
                x = np.where(np.isnan(x), mean, x) - mean
                columns.append(x / (x[train].std() or 1))
            X = np.stack(columns, axis=1)
            return X[train], X[val]
        """,
    ],
    "samples_needed": [
        """
        def samples_needed(accuracy, margin):
            return (2 / margin) ** 2 * accuracy * (1 - accuracy)
        """,
        """
        def samples_needed(accuracy, margin):
            standard_error = margin / 2
            return (accuracy - accuracy**2) / standard_error**2
        """,
    ],
    "split_by_groups": [
        """
        def split_by_groups(groups, order, least):
            chosen = set()
            for group in order:
                if sum(g in chosen for g in groups) < least:
                    chosen.add(group)
            train = [i for i, g in enumerate(groups) if g not in chosen]
            return train, [i for i, g in enumerate(groups) if g in chosen]
        """,
        """
        def split_by_groups(groups, order, least):
            before = np.cumsum([0] + [np.sum(groups == group) for group in order])[:-1]
            chosen = np.isin(groups, np.asarray(order)[before < least])
            return np.flatnonzero(~chosen), np.flatnonzero(chosen)
        """,
    ],
}
