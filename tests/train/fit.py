"""Logistic regression on bins, and its rounding to integer points."""
import numpy as np
import scipy.sparse as sparse
from scipy.optimize import minimize


def bins(values, edges):
    """Bin numbers: how many edges a value reaches. `edges` has a list for each column."""
    columns = [np.searchsorted(column, values[:, at], side="right") for at, column in enumerate(edges)]
    return np.column_stack(columns)


def one_hot(numbers, sizes):
    """A sparse row of ones for each row of bin numbers."""
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows, columns = numbers.shape
    places = (numbers + offsets).ravel().astype(np.int32)
    starts = np.arange(0, rows * columns + 1, columns)
    return sparse.csr_matrix((np.ones(rows * columns), places, starts), shape=(rows, int(sum(sizes))))


def penalty(sizes, unordered, ridge, smooth):
    """The matrix of a penalty on weights and, in ordered features, on steps between bins."""
    count = int(sum(sizes))
    rows, columns, values = [], [], []
    offset = step = 0
    for size, has_no_order in zip(sizes, unordered):
        for at in range(0 if has_no_order else size - 1):
            rows += [step, step]
            columns += [offset + at, offset + at + 1]
            values += [-smooth ** 0.5, smooth ** 0.5]
            step += 1
        offset += size
    steps = sparse.csr_matrix((values, (rows, columns)), shape=(step, count))
    root = sparse.vstack([sparse.identity(count) * ridge ** 0.5, steps]).tocsr()
    return (root.T @ root).tocsr()


def sigmoid(logits):
    """Probabilities."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def logistic(rows, labels, weights, penalties, iterations):
    """Weights of the bins, and the bias last. The objective is convex: there is nothing random."""
    count = rows.shape[1]
    transposed = rows.T.tocsr()
    total = weights.sum()

    def objective(solution):
        chances = sigmoid(rows @ solution[:count] + solution[count])
        penalised = penalties @ solution[:count]
        residuals = weights * (chances - labels) / total
        losses = labels * np.log(chances + 1e-12) + (1 - labels) * np.log(1 - chances + 1e-12)
        value = -(weights * losses).sum() / total + solution[:count] @ penalised / total
        return value, np.append(transposed @ residuals + 2 * penalised / total, residuals.sum())

    options = {"maxiter": iterations, "maxcor": 20}
    return minimize(objective, np.zeros(count + 1), jac=True, method="L-BFGS-B", options=options).x


class Points:
    """A table of integer points for each feature, and a bias: hundredths of a logit."""

    def __init__(self, solution, sizes, numbers, weights):
        """Rounds a solution; each table's weighted mean over the rows goes into the bias."""
        self.tables = []
        offset, bias = 0, solution[-1]
        for at, size in enumerate(sizes):
            table = solution[offset:offset + size]
            offset += size
            mean = np.average(table[numbers[:, at]], weights=weights)
            bias += mean
            self.tables.append(np.rint((table - mean) * 100).astype(np.int64))
        self.bias = int(np.rint(bias * 100))

    def score(self, numbers):
        """The points of rows of bin numbers."""
        return self.bias + sum(table[numbers[:, at]] for at, table in enumerate(self.tables))
