using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Declared;

/// <summary>What this repository adds to the rules that hold everywhere.</summary>
public sealed class ThisRepository : IArchitecture
{
    private const string Sql = "Npgsql";

    /// <inheritdoc/>
    public Policy Declare() => Policy.Default with
    {
        Layers = Layers,
        // The description of the API is written beside each endpoint, in the types of these two.
        Packages = [.. Policy.Default.Packages, "Microsoft.AspNetCore.OpenApi", "Microsoft.OpenApi"],
        ModulePackages = ModulePackages,
        Accepted = AcceptedFindings.All,
        Rules = OwnRules.All,
    };

    // What each project below src stands on, also where another one brings it along. Modules stand on Platform; the host finds them by wildcard.
    private static Dictionary<string, IReadOnlyList<string>> Layers => new(StringComparer.Ordinal)
    {
        ["Platform.Contracts"] = [],
        ["Postgres"] = [],
        ["Postgres.Testing"] = ["Postgres"],
        ["Platform"] = ["Platform.Contracts", "Postgres"],
        ["Platform.Testing"] = ["Platform", "Platform.Contracts", "Postgres.Testing"],
        ["Bridge"] = ["Platform", "Platform.Contracts"],
        ["Client"] = ["ClientGenerator"],
        ["ClientGenerator"] = ["HttpContracts"],
        ["Analyzers"] = [],
        ["Analyzers.CodeFixes"] = ["Analyzers"],
        ["Architecture"] = [],
        ["Cli"] = ["Architecture", "Conformance", "HttpContracts"],
        ["Conformance"] = [],
        ["HttpContracts"] = [],
        ["Host"] = ["Bridge", "Platform"],
    };

    private static Dictionary<string, IReadOnlyList<AllowedPackage>> ModulePackages => new(StringComparer.Ordinal)
    {
        ["Baskets"] = [new(Sql, "It names the types of the columns that its documents are searched by.")],
        ["Catalog"] =
        [
            new("CsvHelper", "Products come and go as CSV, whose quoting nobody should write again."),
            new(Sql, "Imports and exports stream rows in transactions of their own."),
        ],
        ["Identity"] =
        [
            new("Microsoft.IdentityModel", "It signs and reads JSON Web Tokens."),
            new(Sql, "ASP.NET Core's key ring is read and written synchronously, outside of any session."),
        ],
        ["Inventory"] = [new(Sql, "It names the types of the columns that its documents are searched by.")],
        ["Ledger"] = [new(Sql, "Balances are sums that the database adds up.")],
        ["Payments"] = [new(Sql, "Calls to providers are leased row by row, in a table of their own.")],
        ["Pricing"] = [new(Sql, "Coupons are looked up by the thousand, past the session.")],
    };
}
