using ModularMonolith.Conformance.Checking;

namespace ModularMonolith.Conformance.Conventions;

/// <summary>Conventions 36, 40, 41 and 43: caps, compression, HEAD and OPTIONS, and what a page costs.</summary>
internal static class TransportConventions
{
    private const int MostResources = 40;

    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(36, "Bodies have caps on depth, size and text", true, CapsAsync),
        new(40, "Public answers are compressed, others never", true, CompressionAsync),
        new(41, "HEAD wherever GET is, OPTIONS with Allow", false, MethodsAsync),
        Check.NotFromOutside(43, "A page costs the same however long the list is", "The database's plans are inside. QueryCostTests reads them."),
    ];

    private static async Task<string> CapsAsync(Probe probe)
    {
        var baskets = probe.Operation("CreateBasket").Path;
        (await probe.PostAsync(baskets, string.Concat(Enumerable.Repeat("{\"lines\":[", 40)) + string.Concat(Enumerable.Repeat("]}", 40)))).ExpectProblem(400);
        (await probe.PostAsync(baskets, new string('[', 100_000))).ExpectProblem(400);
        (await probe.PostAsync(baskets, $$"""{"lines":[],"x":"{{new string('x', 2 << 20)}}"}""")).ExpectProblem(413);
        (await probe.PostAsync(baskets, $$"""{"lines":[{"sku":"{{new string('x', (1 << 18) + 1)}}","quantity":1}]}""")).ExpectProblem(400);
        return "A body 80 deep, one of 2 MiB, and a text of 262,145 characters were refused.";
    }

    private static async Task<string> CompressionAsync(Probe probe)
    {
        // A page has to be long enough to be worth it.
        await probe.Samples.ProductAsync();
        var description = await probe.GetAsync(probe.Operation("SearchProducts").Path, ("Accept-Encoding", "br, gzip"));
        description.Expect(200);
        var encoding = description.Header("Content-Encoding");
        description.Require(encoding is "br" or "gzip", "Content-Encoding: br or gzip");
        description.Require(description.Header("Vary").Contains("Accept-Encoding", StringComparison.OrdinalIgnoreCase), "Vary: Accept-Encoding");
        var refused = await probe.GetAsync(probe.Operation("SearchProducts").Path + "?limit=0", ("Accept-Encoding", "br, gzip"));
        refused.Require(refused.Header("Content-Encoding").Length == 0, "No compression of what reflects");
        var personal = await probe.GetAsync(probe.Operation("ListStock").Path, ("Accept-Encoding", "br, gzip"));
        personal.Require(personal.Header("Content-Encoding").Length == 0, "No compression of what is not public");
        return $"The list of products came as {encoding}, stock and refusals as they are.";
    }

    private static async Task<string> MethodsAsync(Probe probe)
    {
        var list = probe.Operation("SearchProducts").Path;
        var get = (await probe.GetAsync(list)).Expect(200);
        var head = (await probe.SendAsync(HttpMethod.Head, list, null)).Expect(200);
        head.Require(head.Body.Length == 0 && head.Header("Content-Type") == get.Header("Content-Type"), "The headers of GET without a body");
        (await probe.SendAsync(HttpMethod.Head, "/no/such/path", null)).Expect(404);
        var resources = probe.Description.Operations.Where(static operation => !operation.Path.Contains('{', StringComparison.Ordinal)).GroupBy(static operation => operation.Path).Take(MostResources).ToList();
        foreach (var resource in resources)
        {
            var options = (await probe.SendAsync(HttpMethod.Options, resource.Key, null)).Expect(200, 204);
            var allowed = options.Header("Allow").Split(',', StringSplitOptions.TrimEntries).ToHashSet();
            options.Require(resource.All(operation => allowed.Contains(operation.Method)), $"Allow: {string.Join(", ", resource.Select(static operation => operation.Method))}");
        }

        return $"HEAD has what GET has, and {resources.Count} resources say their methods.";
    }
}
