using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering;

/// <summary>Whose checkouts and orders the caller may see and change: their own, and everybody's with a permission. What is somebody else's does not exist.</summary>
internal sealed class Ownership(ICaller caller)
{
    /// <summary>Sees the orders of all customers.</summary>
    public const string ReadAll = "ordering:read";

    /// <summary>Changes the orders of all customers.</summary>
    public const string ManageAll = "ordering:manage";

    /// <summary>To whom that belongs which the caller makes now.</summary>
    /// <exception cref="ProblemException">401 for a caller who is nobody known.</exception>
    public string Owner => caller.RequireSubject();

    /// <summary>Whether the caller is told what customers are not: rejected rules, internal notes.</summary>
    public bool SeesAll => caller.Has(ReadAll);

    /// <summary>Whose orders the caller sees; null for everybody's.</summary>
    /// <exception cref="ProblemException">401 for a caller who is nobody known.</exception>
    public string? OnlyOf(string permission) => caller.Has(permission) ? null : caller.RequireSubject();

    /// <summary>The order, as far as it exists for the caller.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public Order Require(Order? order, Guid id, string permission) => order is not null && (OnlyOf(permission) is not { } owner || order.Owner == owner)
        ? order
        : throw ProblemException.NotFound("order", id);

    /// <summary>The checkout, as far as it exists for the caller: nobody else's is for anybody.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public Checkout Require(Checkout? checkout, Guid id) => checkout is not null && checkout.Owner == caller.RequireSubject()
        ? checkout
        : throw ProblemException.NotFound("checkout", id);
}
