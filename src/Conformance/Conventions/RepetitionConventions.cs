using System.Text.Json.Nodes;
using ModularMonolith.Conformance.Checking;

namespace ModularMonolith.Conformance.Conventions;

/// <summary>Conventions 11 to 17: keys that make a request's effect happen once.</summary>
internal static class RepetitionConventions
{
    private const string Replayed = "Idempotency-Replayed";
    private const int Parallel = 20;

    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(11, "What moves money or goods needs an Idempotency-Key", true, RequiredAsync),
        new(12, "The same key and body get the same bytes", true, ReplayAsync),
        new(13, "The same key with another body is 422", true, OtherBodyAsync),
        new(14, "Many at once with one key have one effect", true, RaceAsync),
        Check.NotFromOutside(15, "A request repeated after kill -9 has one effect", "Nobody outside can kill the host in mid-request. CrashTests does, with a host of its own."),
        new(16, "A key is its route's and its sender's", true, RouteAsync),
        new(17, "A refused request does not use its key up", true, RefusedAsync),
    ];

    private static string NewKey() => Guid.NewGuid().ToString();

    private static async Task<string> RequiredAsync(Probe probe)
    {
        var sku = probe.Samples.NewSku();
        var answer = await probe.Samples.ReceiveAsync(sku, 1, string.Empty);
        answer.ExpectProblem(400);
        var onHand = await probe.Samples.OnHandAsync(sku);
        return onHand == 0 ? "A receipt of goods without a key was refused, and nothing was booked." : throw new NotKeptException($"Nothing was expected to be booked by a refused receipt; {onHand} are on hand.");
    }

    private static async Task<string> ReplayAsync(Probe probe)
    {
        var (sku, key) = (probe.Samples.NewSku(), NewKey());
        var first = (await probe.Samples.ReceiveAsync(sku, 3, key)).Expect(200, 201);
        var again = (await probe.Samples.ReceiveAsync(sku, 3, key)).Expect(first.Status);
        first.Require(first.Header(Replayed).Length == 0, $"No {Replayed} with the first answer");
        again.Require(again.Body == first.Body && again.Header(Replayed) == "true", $"The same bytes as before and {Replayed}: true");
        var onHand = await probe.Samples.OnHandAsync(sku);
        return onHand == 3 ? "A receipt that was sent twice was booked once, and both got the same bytes." : throw new NotKeptException($"3 were expected to be on hand after a repeated receipt of 3; {onHand} are.");
    }

    private static async Task<string> OtherBodyAsync(Probe probe)
    {
        var (sku, key) = (probe.Samples.NewSku(), NewKey());
        (await probe.Samples.ReceiveAsync(sku, 1, key)).Expect(200, 201);
        (await probe.Samples.ReceiveAsync(sku, 2, key)).ExpectProblem(422);
        return "Another receipt with the key of the first was refused.";
    }

    private static async Task<string> RaceAsync(Probe probe)
    {
        var (sku, key) = (probe.Samples.NewSku(), NewKey());
        var answers = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => probe.Samples.ReceiveAsync(sku, 3, key)));
        foreach (var answer in answers)
        {
            answer.Expect(200, 201, 409);
        }

        var onHand = await probe.Samples.OnHandAsync(sku);
        return onHand == 3 ? $"{Parallel} receipts at once with one key were booked once." : throw new NotKeptException($"3 were expected to be on hand after {Parallel} receipts of 3 with one key; {onHand} are.");
    }

    private static async Task<string> RouteAsync(Probe probe)
    {
        var (sku, key) = (probe.Samples.NewSku(), NewKey());
        (await probe.Samples.ReceiveAsync(sku, 3, key)).Expect(200, 201);
        var body = new JsonObject { ["sku"] = sku, ["location"] = "main", ["delta"] = -1, ["reason"] = "Made by the conformance checks." };
        var other = (await probe.PostAsync(probe.Operation("AdjustStock").Path, body.ToJsonString(), ("Idempotency-Key", key))).Expect(200, 201);
        other.Require(other.Header(Replayed).Length == 0, "An answer of its own");
        var onHand = await probe.Samples.OnHandAsync(sku);
        return onHand == 2 ? "The key of a receipt did for an adjustment too. That senders do not share keys takes two of them: RepetitionConventionTests." : throw new NotKeptException($"2 were expected to be on hand; {onHand} are.");
    }

    private static async Task<string> RefusedAsync(Probe probe)
    {
        var (sku, key) = (probe.Samples.NewSku(), NewKey());
        (await probe.Samples.ReceiveAsync(sku, -3, key)).ExpectProblem(400, 422);
        var corrected = (await probe.Samples.ReceiveAsync(sku, 3, key)).Expect(200, 201);
        return $"After a refusal the corrected receipt was booked with the same key ({corrected.Status}).";
    }
}
