using Marten;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Taxes;

/// <summary>Value added tax of some countries, as it was in 2025, to try things out with: whoever sells there asks a tax adviser.</summary>
internal sealed class SampleTaxes(IModuleSession<IPricingStore> session, IAuditLog audit) : ISampleData
{
    private static readonly (string Country, string Title, decimal Standard, decimal Reduced)[] Countries =
    [
        ("AT", "Austria", 0.20m, 0.10m),
        ("BE", "Belgium", 0.21m, 0.06m),
        ("CH", "Switzerland", 0.081m, 0.026m),
        ("DE", "Germany", 0.19m, 0.07m),
        ("ES", "Spain", 0.21m, 0.10m),
        ("FR", "France", 0.20m, 0.055m),
        ("GB", "United Kingdom", 0.20m, 0.05m),
        ("IT", "Italy", 0.22m, 0.10m),
        ("JP", "Japan", 0.10m, 0.08m),
        ("NL", "Netherlands", 0.21m, 0.09m),
        ("PL", "Poland", 0.23m, 0.08m),
    ];

    public string Subject => "taxes";

    public async Task<int> FillAsync(IProgress<(int Done, int Total)> progress, CancellationToken cancellationToken)
    {
        await using var documents = session.Store.LightweightSession();
        if (await documents.Query<TaxZone>().AnyAsync(cancellationToken))
        {
            return 0;
        }

        // Two hosts that start on one empty database store the same zones.
        documents.Store(Countries.Select(static country => new TaxZone
        {
            Id = country.Country.ToLowerInvariant(),
            Title = country.Title,
            Country = country.Country,
            Rates =
            [
                new ZoneRate("vat", $"VAT {country.Standard * 100:0.#} %", country.Standard),
                new ZoneRate("vat", $"VAT {country.Reduced * 100:0.#} %", country.Reduced, "reduced"),
            ],
        }));
        documents.QueueSqlCommand(RuleBook.Raise);
        audit.Record(documents, "FillTaxes");
        await documents.SaveChangesAsync(cancellationToken);
        progress.Report((Countries.Length, Countries.Length));
        return Countries.Length;
    }
}
