using ModularMonolith.EndToEnd.Tests.Conventions;
using ModularMonolith.HttpContracts;

namespace ModularMonolith.EndToEnd.Tests.Clients;

/// <summary>Convention 34: what a host publishes is what the contract files promise.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class PublishedContractTests(ConventionsHost host)
{
    [Fact]
    public async Task Convention_34_the_host_publishes_what_the_contract_files_promise()
    {
        var published = ContractDocument.Read((await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Body);

        var changes = ContractFiles.Above(AppContext.BaseDirectory).Compare(published);

        var isBreaking = changes.Values.Any(static list => list.Any(static change => change.IsBreaking));
        Assert.True(changes.Count == 0, string.Join('\n', changes.SelectMany(static file => file.Value.Select(static change => change.ToString()).Prepend(file.Key))) + (isBreaking
            ? "\nSome of this breaks clients. Add beside what they rely on, or serve it under a new version of the path. If they are to be broken: build/mm contracts save --breaking \"why\"."
            : "\nNone of this breaks clients: run build/mm contracts save, and commit the files with the change."));
    }
}
