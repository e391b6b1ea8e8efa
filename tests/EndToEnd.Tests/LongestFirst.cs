using ModularMonolith.EndToEnd.Tests.Conventions;
using ModularMonolith.EndToEnd.Tests.Payments;
using ModularMonolith.EndToEnd.Tests.Purchases;
using ModularMonolith.EndToEnd.Tests.Security;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("ModularMonolith.EndToEnd.Tests.LongestFirst", "ModularMonolith.EndToEnd.Tests")]

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>Starts first what takes longest, so that it does not run on alone, with idle processors, when all else has ended.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // By name, because that is all that a runner knows of a collection; one that is missing here starts later and does no harm.
    private static readonly string[] Longest =
    [
        SecurityHosts.Name, nameof(CrashTests), nameof(ShopMachineTests), nameof(ImportCrashTests), nameof(InjectionTests), nameof(SimulatorTests), nameof(AccessMatrixTests), ConventionsHosts.Name,
        nameof(QueryCostTests), nameof(StartTests), nameof(WholeJobTests),
    ];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Rank);

    private static int Rank(ITestCollection collection)
    {
        var rank = Array.FindIndex(Longest, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
