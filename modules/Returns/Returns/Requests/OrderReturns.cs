using JasperFx;
using Marten;
using ModularMonolith.Ordering.Contracts;

namespace ModularMonolith.Returns.Requests;

/// <summary>
/// All that is in returns of one order. Whoever asks for a return, or ends one, changes it, so that two requests at once cannot return the same piece.
/// </summary>
internal sealed class OrderReturns : IRevisioned
{
    /// <summary>The order.</summary>
    public Guid Id { get; set; }

    public IReadOnlyList<ReturnClaim> Claims { get; set; } = [];

    public int Version { get; set; }

    /// <summary>The order's returns, to be changed with <see cref="Write"/>.</summary>
    public static async Task<OrderReturns> LoadAsync(IDocumentSession session, Guid orderId, CancellationToken cancellationToken) =>
        await session.LoadAsync<OrderReturns>(orderId, cancellationToken) ?? new OrderReturns { Id = orderId };

    /// <summary>Sets what a return claims; nothing gives it all back.</summary>
    public void Write(IDocumentSession session, Guid returnId, IEnumerable<ReturnClaim> claims)
    {
        Claims = [.. Claims.Where(claim => claim.ReturnId != returnId), .. claims];
        if (Version == 0)
        {
            session.Insert(this);
        }
        else
        {
            session.UpdateRevision(this, Version + 1);
        }
    }

    /// <summary>How many of a line can be returned now.</summary>
    public int LeftOf(ReturnableLine line)
    {
        var claims = Claims.Where(claim => claim.VariantId == line.VariantId).ToLookup(static claim => claim.IsTold, static claim => claim.Quantity);

        // Ordering counts what it was told, sooner or later; nothing is counted twice meanwhile.
        return Math.Max(0, line.Shipped - Math.Max(line.Returned, claims[true].Sum()) - claims[false].Sum());
    }
}

/// <summary>Pieces that are in a return.</summary>
/// <param name="ReturnId">The return.</param>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many.</param>
/// <param name="IsTold">Whether Ordering was told that they have come back.</param>
internal sealed record ReturnClaim(Guid ReturnId, Guid VariantId, int Quantity, bool IsTold);
