using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>Every route of the running host is called by every kind of caller, and answers as the declared matrix says. What nobody has declared fails.</summary>
public sealed partial class AccessMatrixTests(HostFixture host) : IClassFixture<HostFixture>
{
    // Reads before changes, and what removes comes last.
    private static readonly string[] Order = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"];

    // Whoever may do it comes last, because it may happen once only.
    private static readonly string[] Turns = ["anonymous", "key", "other", "clerk", "admin", "customer"];

    [Fact]
    public async Task Every_route_answers_every_kind_of_caller_as_it_is_declared()
    {
        var declared = AccessMatrix.Read();
        var served = (await AccessMatrix.ServedAsync(HostSettings.On("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x"))).Where(static row => row.Method != "*").ToList();
        Assert.True(served.Count > 80, $"Only {served.Count} routes are served.");
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        await using var callers = await MatrixCallers.CreateAsync(host.Callers);
        var resources = await MatrixResources.CreateAsync(host, callers);

        var wrong = declared.Keys.Except(served.Select(static row => $"{row.Method} {row.Route}")).Select(static row => $"is declared and not served: {row}").ToList();
        foreach (var (method, route) in served.OrderBy(static row => Array.IndexOf(Order, row.Method)).ThenBy(static row => row.Route, StringComparer.Ordinal))
        {
            var expected = declared.GetValueOrDefault($"{method} {route}");
            var seen = await CallAsync(callers, resources, document, method, route);
            // Where a row has a 404, the resource is there, so it is there for those who may have it.
            var owned = expected?.Values.Contains("404") ?? true;
            var cells = AccessMatrix.Callers.Select(caller => Cell(seen[caller], owned)).ToList();
            if (expected is null || !cells.SequenceEqual(expected.Values))
            {
                wrong.Add($"{(expected is null ? "is not declared" : "is declared otherwise")}; it answers:\n{AccessMatrix.Line($"{method} {route}", cells)}");
            }
        }

        Assert.True(wrong.Count == 0, "Decide who may, and say so in the access.txt of the module.\n" + string.Join("\n", wrong));
    }

    private static async Task<IReadOnlyDictionary<string, Answer>> CallAsync(MatrixCallers callers, MatrixResources resources, JsonNode document, string method, string route)
    {
        var answers = new Dictionary<string, Answer>(StringComparer.Ordinal);
        var path = resources.Path(route);
        var body = document["paths"]![Constraint().Replace(route, "{$1}").TrimEnd('/')]?[method.ToLowerInvariant()]?["requestBody"];
        foreach (var caller in Turns)
        {
            using var content = Content(body, document, resources);
            answers[caller] = await callers[caller].SendAsync(new HttpMethod(method), path, content, ("Idempotency-Key", Guid.NewGuid().ToString()), ("If-Match", "\"v1\""));
        }

        return answers;
    }

    private static string Cell(Answer answer, bool owned) => answer.Code switch
    {
        401 when (string?)answer.Json["type"] == "/problems/unauthenticated" => "401",
        403 when (string?)answer.Json["type"] == "/problems/forbidden" => "403",
        404 when owned => "404",
        >= 500 => $"fault({answer.Code})",
        _ => "yes",
    };

    private static ByteArrayContent? Content(JsonNode? body, JsonNode document, MatrixResources resources)
    {
        if (body is null)
        {
            return null;
        }

        var (mediaType, description) = body["content"]!.AsObject().First();
        if (mediaType != "application/json")
        {
            return Api.Bytes("x"u8.ToArray(), mediaType);
        }

        var valid = new Junk(document, 1).Valid(description!["schema"]!);
        resources.Fill(valid);
        return Api.Bytes(Encoding.UTF8.GetBytes(valid.ToJsonString()), mediaType);
    }

    [GeneratedRegex(@"\{(\w+):[^}]*\}")]
    private static partial Regex Constraint();
}
