using System.Text.RegularExpressions;
using ModularMonolith.Conformance.Checking;

namespace ModularMonolith.Conformance.Conventions;

/// <summary>Conventions 1 to 5 and 44: failures and their traces.</summary>
internal static class ProblemConventions
{
    private const string UnknownId = "0199c000-0000-7000-8000-000000000000";
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static readonly string[] Inside = ["   at ", "Exception", "System.", "Npgsql", "Marten", "StackTrace", "SELECT ", "select "];

    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(1, "Every failure is a problem document", false, FailuresAsync),
        new(2, "The type of a problem leads to an explanation", false, ExplanationAsync),
        new(3, "All invalid fields at once, as JSON Pointers", true, FieldsAsync),
        new(4, "Nothing of the inside is shown", false, InsideAsync),
        new(5, "traceparent goes on, traceresponse answers", false, TraceAsync),
        new(44, "What cannot be read is refused by every operation", true, UnreadableAsync),
    ];

    // Each is refused for one reason alone: a name twice, half a character, an end that is missing, a number beyond all types, a member that no operation has.
    private static readonly string[] Unreadable =
        ["""{"conformance":1,"conformance":1}""", """{"conformance":"\ud800"}""", """{"conformance":""", """{"conformance":1e400}""", """{"conformance":"unknown"}"""];

    private static async Task<IReadOnlyList<(Reply Reply, int Status)>> RefusalsAsync(Probe probe)
    {
        var list = probe.Operation("SearchProducts").Path;
        List<(Reply Reply, int Status)> refusals =
        [
            (await probe.GetAsync("/no/such/path"), 404),
            (await probe.GetAsync(probe.Operation("GetProduct").Path.Replace("{id}", UnknownId, StringComparison.Ordinal)), 404),
            (await probe.GetAsync(list + "?limit=nonsense"), 400),
            (await probe.GetAsync(list, ("Authorization", "Bearer nonsense")), 401),
            (await probe.GetAsync(list, ("Accept", "image/png")), 406),
        ];
        if (!probe.Settings.ReadOnly)
        {
            var baskets = probe.Operation("CreateBasket").Path;
            refusals.Add((await probe.SendAsync(HttpMethod.Delete, list, null), 405));
            refusals.Add((await probe.PostAsync(baskets, "{"), 400));
            refusals.Add((await probe.SendAsync(HttpMethod.Post, baskets, Probe.Content("lines", "text/plain")), 415));
            refusals.Add((await probe.PostAsync(baskets, $$"""{"lines":[],"x":"{{new string('x', 2 << 20)}}"}"""), 413));
        }

        return refusals;
    }

    private static async Task<string> FailuresAsync(Probe probe)
    {
        var refusals = await RefusalsAsync(probe);
        foreach (var (refusal, status) in refusals)
        {
            refusal.ExpectProblem(status);
            refusal.Require(refusal.Status != 405 || refusal.Header("Allow").Length > 0, "The header Allow");
            refusal.Require(refusal.Status != 401 || refusal.Header("WWW-Authenticate").Length > 0, "The header WWW-Authenticate");
        }

        return $"{string.Join(", ", refusals.Select(static refusal => refusal.Status).Distinct().Order())} were provoked, and each was one.";
    }

    private static async Task<string> ExplanationAsync(Probe probe)
    {
        var type = (await probe.GetAsync("/no/such/path")).ExpectProblem(404).Text("type");
        var page = (await probe.GetAsync(type, ("Accept", "text/html"))).Expect(200);
        page.Require(page.Header("Content-Type").StartsWith("text/html", StringComparison.Ordinal), "A page for people");
        var explanation = (await probe.GetAsync(type, ("Accept", "application/json"))).Expect(200);
        return $"{type} explains itself in HTML and in JSON: {explanation.Text("title")}";
    }

    private static async Task<string> FieldsAsync(Probe probe)
    {
        probe.NeedCredentials();
        var answer = await probe.PostAsync(probe.Samples.ProductsPath, """{"title":"","variants":[{"sku":"A","price":{"amount":-1,"currency":"EUR"}}]}""");
        if (answer.Status is 401 or 403)
        {
            throw new NotShownException("The credentials may not make products: the permission catalog:write is missing.");
        }

        answer.ExpectProblem(400, 422);
        var pointers = answer.Json["errors"]?.AsArray().Select(static error => (string?)error?["pointer"]).ToList() ?? [];
        answer.Require(pointers.Contains("#/title") && pointers.Any(static pointer => pointer?.StartsWith("#/variants/0", StringComparison.Ordinal) == true), "Errors with the pointers #/title and #/variants/0/…");
        return $"A product with two wrong fields was refused with {string.Join(", ", pointers)}.";
    }

    private static async Task<string> InsideAsync(Probe probe)
    {
        foreach (var (refusal, _) in await RefusalsAsync(probe))
        {
            foreach (var word in Inside)
            {
                refusal.Require(!refusal.Body.Contains(word, StringComparison.Ordinal), $"No '{word.Trim()}'");
            }

            foreach (var header in (string[])["Server", "X-Powered-By", "X-AspNet-Version"])
            {
                refusal.Require(refusal.Header(header).Length == 0, $"No header {header}");
            }
        }

        return "Neither the refusals of convention 1 nor their headers name anything. Failures of the service itself cannot be provoked from outside.";
    }

    private static async Task<string> UnreadableAsync(Probe probe)
    {
        var operations = probe.Description.Operations.Where(static operation => operation.Json["requestBody"]?["content"]?["application/json"] is not null).ToList();
        if (operations.Count == 0)
        {
            throw new NotShownException("The description has no operation that takes JSON.");
        }

        foreach (var (number, operation) in operations.Index())
        {
            var path = Regex.Replace(operation.Path, "\\{[^}]*\\}", UnknownId);
            foreach (var content in (HttpContent[])[Probe.Content(Unreadable[number % Unreadable.Length], "application/json"), Probe.Content("{}", "text/plain")])
            {
                var reply = await probe.SendAsync(new HttpMethod(operation.Method), path, content, ("Idempotency-Key", Guid.NewGuid().ToString()), ("If-Match", "\"v1\""));
                reply.Require(reply.Status is >= 400 and < 500, "A refusal of what cannot be read").ExpectProblem(reply.Status);
            }
        }

        return $"{operations.Count} operations refused JSON that cannot be read, and text that is none.";
    }

    private static async Task<string> TraceAsync(Probe probe)
    {
        var answer = await probe.GetAsync("/no/such/path", ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));
        answer.Require(Regex.IsMatch(answer.Header("traceresponse"), $"^00-{Trace}-(?!b7ad6b7169203331)[0-9a-f]{{16}}-[0-9a-f]{{2}}$"), $"A traceresponse of the trace {Trace} with a span of its own");
        answer.Require(answer.Text("traceId") == Trace, "The trace in the problem");
        var own = await probe.GetAsync("/no/such/path", ("traceparent", "junk"));
        own.Require(Regex.IsMatch(own.Header("traceresponse"), "^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"), "A trace of its own where none can be read");
        return $"The trace that came in went on as {answer.Header("traceresponse")}.";
    }
}
