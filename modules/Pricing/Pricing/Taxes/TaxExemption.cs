using Marten;

namespace ModularMonolith.Pricing.Taxes;

/// <summary>Somebody who pays no tax: a customer or all members of a group. Never changed; another one takes its place.</summary>
internal sealed record TaxExemption
{
    public const int MaximumOfGroups = 500;

    public required Guid Id { get; init; }

    /// <summary>The customer; null when it is a group's.</summary>
    public string? Subject { get; init; }

    /// <summary>The group; null when it is a customer's.</summary>
    public string? CustomerGroup { get; init; }

    /// <summary>The country where it holds, ISO 3166-1 alpha-2; null for everywhere.</summary>
    public string? Country { get; init; }

    /// <summary>As it is printed on invoices.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether the customer accounts for the tax (Directive 2006/112/EC, article 196).</summary>
    public bool IsReverseCharge { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public bool Holds(string country, DateTimeOffset at) => (Country is null || Country == country) && !(at < From) && !(at >= To);

    /// <summary>The exemptions of a single customer: one query.</summary>
    public static async Task<IReadOnlyList<TaxExemption>> OfAsync(IPricingStore store, string subject, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.Query<TaxExemption>().Where(exemption => exemption.Subject == subject).OrderBy(exemption => exemption.Id).Take(100).ToListAsync(cancellationToken);
    }
}

/// <param name="Id">Its id.</param>
/// <param name="Subject">The customer; null when it is a group's.</param>
/// <param name="CustomerGroup">The group; null when it is a customer's.</param>
/// <param name="Country">The country where it holds; null for everywhere.</param>
/// <param name="Reason">As it is printed on invoices.</param>
/// <param name="IsReverseCharge">Whether the customer accounts for the tax.</param>
/// <param name="From">From when on it holds; null for always.</param>
/// <param name="To">Until when it holds; null for ever.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record TaxExemptionView(
    Guid Id, string? Subject, string? CustomerGroup, string? Country, string Reason, bool IsReverseCharge, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset CreatedAt)
{
    public static TaxExemptionView Of(TaxExemption exemption) => new(
        exemption.Id, exemption.Subject, exemption.CustomerGroup, exemption.Country, exemption.Reason, exemption.IsReverseCharge, exemption.From, exemption.To, exemption.CreatedAt);
}
