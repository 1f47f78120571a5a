"""Problems with a known optimum, and every point that gradient descent visits on its way there."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ..errors import AuthorError
from ..language import N_

__all__ = ["Quadratic", "Variant", "least_squares", "quadratic"]

_BROADCAST = N_(
    "This is what targets of shape (N,) against predictions of shape (N, 1) lead to. Give both one shape:\n"
    "such a loss pairs each prediction with every target, and the fit goes to their mean."
)
_EVERYTHING = N_("This is the fit to all the data: the part kept back for evaluation was trained on too.")
_SUMMED = N_("These are the steps of a sum over the samples where their mean was meant.")


@dataclass(frozen=True)
class Variant:
    """A mistake and the problem that it solves in place of the right one; the sentence is yet to be translated."""

    sentence: str
    problem: Quadratic


@dataclass(frozen=True)
class Quadratic:
    """The loss ``least_loss + ½ (θ - optimum)ᵀ hessian (θ - optimum)``, all in float64.

    Attributes:
        hessian: Shape (n, n), symmetric.
        optimum: The parameters of least loss, shape (n,).
        least_loss: The loss there.
        variants: Mistakes whose outcome is known.
    """

    hessian: torch.Tensor
    optimum: torch.Tensor
    least_loss: float = 0.0
    variants: tuple[Variant, ...] = ()

    def loss(self, parameters: torch.Tensor) -> float:
        """Return the loss at parameters of shape (n,)."""
        away = self._away(parameters)
        return self.least_loss + 0.5 * float(away @ self.hessian @ away)

    def run(self, start: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
        """Return where gradient descent is after so many steps: optimum + (I - lr H)^steps (start - optimum)."""
        step = torch.eye(len(self.optimum), dtype=torch.float64) - lr * self.hessian
        return self.optimum + torch.linalg.matrix_power(step, steps) @ self._away(start)

    def run_piling_up(self, start: torch.Tensor, lr: float, steps: int) -> torch.Tensor:
        """Return where descent leads when no gradient is ever cleared.

        With e the way to the optimum and s the sum of gradients, a step is s' = s + H e, e' = e - lr s'.
        """
        size, away = len(self.optimum), self._away(start)
        one = torch.eye(size, dtype=torch.float64)
        top = torch.cat([one - lr * self.hessian, -lr * one], dim=1)
        step = torch.cat([top, torch.cat([self.hessian, one], dim=1)])
        state = torch.linalg.matrix_power(step, steps) @ torch.cat([away, torch.zeros_like(away)])
        return self.optimum + state[:size]

    def _away(self, parameters: torch.Tensor) -> torch.Tensor:
        return parameters.detach().to(torch.float64).reshape(-1) - self.optimum


def quadratic(matrix: torch.Tensor, vector: torch.Tensor) -> Quadratic:
    """Return the problem of making ``½ xᵀ matrix x - vectorᵀ x`` least; its optimum is ``matrix⁻¹ vector``.

    Args:
        matrix: Symmetric and positive definite, shape (n, n). For the sum of x² it is twice the identity.
        vector: Shape (n,).

    Raises:
        AuthorError: The matrix is not symmetric and positive definite, or the shapes do not fit.
    """
    matrix, vector = (part.detach().to(torch.float64) for part in (matrix, vector))
    if matrix.shape != (vector.numel(), vector.numel()) or vector.ndim != 1:
        raise AuthorError(f"quadratic: shapes (n, n) and (n,) are needed, not {matrix.shape} and {vector.shape}")
    if not torch.equal(matrix, matrix.T) or bool(torch.linalg.eigvalsh(matrix).min() <= 0):
        raise AuthorError("quadratic: the matrix must be symmetric and positive definite, or there is no optimum")
    optimum = torch.linalg.solve(matrix, vector)
    return Quadratic(matrix, optimum, -0.5 * float(vector @ optimum))


def least_squares(
    X: torch.Tensor, y: torch.Tensor, *, bias: bool = True, unseen: tuple[torch.Tensor, torch.Tensor] | None = None
) -> Quadratic:
    """Return the problem of fitting ``X @ weight + bias`` to ``y`` with the mean squared error least.

    Its parameters are the weights and then, unless left out, the bias: the order of ``nn.Linear(d, 1)``.

    Args:
        X: Inputs, shape (N, d) or (N,).
        y: Targets, shape (N,) or (N, 1).
        bias: Whether there is one.
        unseen: Inputs and targets that the student has too and must not train on.

    Raises:
        AuthorError: The shapes do not fit, or the data leave the weights open.
    """
    inputs, targets = _design(X, bias), y.detach().to(torch.float64).reshape(-1)
    if y.numel() != y.shape[0] or len(inputs) != len(targets):
        raise AuthorError(f"least_squares: one target for each row of X is needed, not {y.shape} for {X.shape}")
    if int(torch.linalg.matrix_rank(inputs)) < inputs.shape[1]:
        raise AuthorError("least_squares: these data leave the weights open: give more rows, or rows that differ")
    hessian = 2 / len(inputs) * inputs.T @ inputs
    optimum = torch.linalg.lstsq(inputs, targets[:, None]).solution[:, 0]
    # pairing every prediction with every target leaves the curvature as it is, and replaces each target by their mean
    mean = torch.linalg.lstsq(inputs, targets.mean().expand(len(inputs), 1)).solution[:, 0]
    variants = [Variant(_BROADCAST, Quadratic(hessian, mean))]
    variants += [Variant(_SUMMED, Quadratic(hessian * len(inputs), optimum))]
    if unseen is not None:
        everything = least_squares(torch.cat([X, unseen[0]]), torch.cat([y, unseen[1]]), bias=bias)
        variants.append(Variant(_EVERYTHING, everything))
    least_loss = float((inputs @ optimum - targets).square().mean())
    return Quadratic(hessian, optimum, least_loss, tuple(variants))


def _design(X: torch.Tensor, bias: bool) -> torch.Tensor:
    inputs = X.detach().to(torch.float64)
    inputs = inputs[:, None] if inputs.ndim == 1 else inputs
    if inputs.ndim != 2:
        raise AuthorError(f"least_squares: X has shape (N, d) or (N,), not {X.shape}")
    return torch.cat([inputs, torch.ones(len(inputs), 1, dtype=torch.float64)], dim=1) if bias else inputs
