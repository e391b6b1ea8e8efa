using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// API10:2023, unsafe consumption of APIs. The host asks two kinds of others: issuers of access tokens, shown here, and a message broker, whose messages Bridge.Tests shows to be kept aside when
/// they are no events. An issuer that misbehaves costs those who bring its tokens their answer, and nobody else anything.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed class UnsafeConsumptionTests(SecurityHost host)
{
    // Two documents, each with five seconds; the rest is for a busy machine.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    private const long Tolerance = 200L << 20;

    [Fact]
    public async Task An_issuer_that_behaves_is_believed_about_its_own_subjects()
    {
        (await host.GetWithAsync(host.Token())).Expect(200);
        (await host.GetWithAsync(host.Token(payload: new JsonObject { ["entitlements"] = new JsonArray() }), "/api/inventory/stock")).ExpectProblem(403);
    }

    [Fact]
    public async Task Issuers_that_answer_anything_else_are_not_waited_for_and_not_believed()
    {
        var before = RawRequest.PeakMemory(host.Running.Process.Id);

        // All at once, so that the slow ones cost the test no more than one of them.
        var answers = await Task.WhenAll(BadIssuers.Names.Select(async issuer => (Issuer: issuer, Answer: await host.GetWithAsync(host.Token(issuer))))).WaitAsync(Bound);

        foreach (var (issuer, answer) in answers)
        {
            answer.ExpectProblem(401, "invalid-credentials");
            Assert.Contains(host.Foreign.Asked, path => path.StartsWith($"/{issuer}/", StringComparison.Ordinal));
        }

        Assert.True(RawRequest.PeakMemory(host.Running.Process.Id) - before < Tolerance);
    }

    [Fact]
    public async Task While_an_issuer_is_silent_everybody_else_is_served()
    {
        // By now the silent one was asked or is being asked; further tokens of it do not queue up behind that.
        var waiting = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.GetWithAsync(host.Token("silent"))));
        for (var time = 0; time < 20; time++)
        {
            (await host.GetWithAsync(host.Token())).Expect(200);
            (await host.Admin.GetAsync("/api/ordering/orders?limit=1")).Expect(200);
        }

        foreach (var answer in await waiting.WaitAsync(Bound))
        {
            answer.ExpectProblem(401, "invalid-credentials");
        }
    }
}
