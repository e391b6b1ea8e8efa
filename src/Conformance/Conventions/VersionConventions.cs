using System.Text.RegularExpressions;
using ModularMonolith.Conformance.Checking;

namespace ModularMonolith.Conformance.Conventions;

/// <summary>Conventions 6 to 10: versions of resources.</summary>
internal static class VersionConventions
{
    private const int Parallel = 20;

    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(6, "A strong ETag that changes with the resource only", true, TagAsync),
        new(7, "If-None-Match answers 304", true, UnchangedAsync),
        new(8, "A stale If-Match is 412", true, StaleAsync),
        new(9, "A missing If-Match is 428", true, MissingAsync),
        new(10, "Of many changes to one version one succeeds", true, RaceAsync),
    ];

    private static async Task<string> TagAsync(Probe probe)
    {
        var (path, created) = await probe.Samples.ProductAsync();
        var first = (await probe.GetAsync(path)).Expect(200);
        var second = (await probe.GetAsync(path)).Expect(200);
        first.Require(Regex.IsMatch(first.Header("ETag"), "^\"[^\"]+\"$"), "A strong ETag");
        second.Require(second.Header("ETag") == first.Header("ETag") && created.Header("ETag") == first.Header("ETag"), $"The same ETag as before, {first.Header("ETag")} and {created.Header("ETag")},");
        var changed = (await probe.PutAsync(path, probe.Samples.Product("Changed"), ("If-Match", first.Header("ETag")))).Expect(200, 204);
        var after = (await probe.GetAsync(path)).Expect(200);
        after.Require(after.Header("ETag") != first.Header("ETag"), "Another ETag after a change");
        return $"{first.Header("ETag")} stayed over two reads and became {after.Header("ETag")} with a change ({changed.Status}).";
    }

    private static async Task<string> UnchangedAsync(Probe probe)
    {
        var (path, _) = await probe.Samples.ProductAsync();
        var tag = (await probe.GetAsync(path)).Expect(200).Header("ETag");
        var same = (await probe.GetAsync(path, ("If-None-Match", $"\"other\", {tag}"))).Expect(304);
        same.Require(same.Body.Length == 0 && same.Header("ETag") == tag, "No body, and the ETag");
        (await probe.GetAsync(path, ("If-None-Match", "\"other\""))).Expect(200);
        return $"If-None-Match: {tag} was answered with 304, another tag with 200.";
    }

    private static async Task<string> StaleAsync(Probe probe)
    {
        var (path, _) = await probe.Samples.ProductAsync("Kept");
        var refused = await probe.PutAsync(path, probe.Samples.Product("Lost update"), ("If-Match", "\"v99999\""));
        refused.ExpectProblem(412);
        var now = (await probe.GetAsync(path)).Expect(200);
        now.Require(now.Text("title") == "Kept", "The unchanged resource");
        return "A change to another version was refused, and the resource is as it was.";
    }

    private static async Task<string> MissingAsync(Probe probe)
    {
        var (path, _) = await probe.Samples.ProductAsync("Kept");
        (await probe.PutAsync(path, probe.Samples.Product("Lost update"))).ExpectProblem(428);
        return "A change that names no version was refused.";
    }

    private static async Task<string> RaceAsync(Probe probe)
    {
        var (path, _) = await probe.Samples.ProductAsync();
        var tag = (await probe.GetAsync(path)).Expect(200).Header("ETag");
        var answers = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(number => probe.PutAsync(path, probe.Samples.Product($"Change {number}"), ("If-Match", tag))));
        var succeeded = answers.Count(static answer => answer.Status is 200 or 204);
        if (succeeded != 1)
        {
            throw new NotKeptException($"Of {Parallel} changes to the version {tag} one was expected to succeed; {succeeded} did.");
        }

        foreach (var refused in answers.Where(static answer => answer.Status is not (200 or 204)))
        {
            refused.ExpectProblem(409, 412);
        }

        return $"Of {Parallel} changes at once one succeeded, and the others were told so.";
    }
}
