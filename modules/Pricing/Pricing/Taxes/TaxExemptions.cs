using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Taxes;

/// <summary>Finds the exemption that a customer has.</summary>
internal sealed class TaxExemptions(IPricingStore store)
{
    /// <summary>The exemption that counts: one of the customer before one of a group, the oldest of several. No query when no single customer is exempt.</summary>
    public async ValueTask<TaxRelief?> FindAsync(
        string? customer, IReadOnlyList<string> customerGroups, string country, DateTimeOffset at, ConfiguredRules rules, CancellationToken cancellationToken)
    {
        if (customer is null)
        {
            return null;
        }

        var own = rules.HasSubjectExemptions ? await TaxExemption.OfAsync(store, customer, cancellationToken) : [];
        var exemption = own.FirstOrDefault(candidate => candidate.Holds(country, at))
            ?? rules.GroupExemptions.FirstOrDefault(candidate => customerGroups.Contains(candidate.CustomerGroup, StringComparer.Ordinal) && candidate.Holds(country, at));
        return exemption is null ? null : new TaxRelief(exemption.Id.ToString(), exemption.Reason, exemption.IsReverseCharge);
    }
}
