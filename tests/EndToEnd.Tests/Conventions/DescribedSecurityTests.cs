using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>Convention 29: who may call, and what may be refused, is described as it is.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class DescribedSecurityTests(ConventionsHost host) : IDisposable
{
    private readonly Api _anonymous = host.Callers.Anonymous();

    public void Dispose() => _anonymous.Dispose();

    [Fact]
    public async Task Convention_29_operations_that_are_described_as_closed_are_closed_and_the_others_open()
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        var closed = 0;
        var wrong = new List<string>();
        foreach (var (name, operation) in DescriptionTests.Operations(document))
        {
            var (method, template) = (name[..name.IndexOf(' ', StringComparison.Ordinal)], name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var path = template.Replace("{position}", "1", StringComparison.Ordinal);
            path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "0199c000-0000-7000-8000-000000000000");
            var isOpen = operation["security"]!.AsArray().Any(requirement => requirement!.AsObject().Count == 0);
            using var content = operation["requestBody"] is null ? null : Content(operation["requestBody"]!, document);

            var answer = await _anonymous.SendAsync(new HttpMethod(method), path, content, ("Idempotency-Key", Guid.NewGuid().ToString()), ("If-Match", "\"v1\""));

            // What is open may still refuse a password or a code.
            var isRefused = answer.Code == 401 && (string?)answer.Json["type"] == "/problems/unauthenticated";
            if (isOpen == isRefused && answer.Code != 400)
            {
                wrong.Add($"{name} is described as {(isOpen ? "open" : "closed")}: {answer}");
            }

            if (!operation["responses"]!.AsObject().ContainsKey(answer.Code.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            {
                wrong.Add($"{name} does not describe: {answer}");
            }

            closed += isRefused ? 1 : 0;
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Assert.True(closed > 10, $"Only {closed} operations are closed.");
    }

    [Fact]
    public async Task Convention_29_every_operation_describes_the_refusals_that_all_have()
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        Assert.Equal(["apiKey", "bearer"], document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key).Order());
        foreach (var (name, operation) in DescriptionTests.Operations(document))
        {
            foreach (var status in new[] { "400", "401", "429", "500", "503" })
            {
                var content = operation["responses"]![status]?["content"];
                if (content?["application/json"] is not null)
                {
                    // OAuth 2 has refusals of its own (RFC 6749, section 5.2).
                    Assert.Contains("/oauth/", name, StringComparison.Ordinal);
                    continue;
                }

                var schema = content?["application/problem+json"]?["schema"];
                Assert.True((string?)schema?["$ref"] == "#/components/schemas/Problem", $"{name} does not describe {status}.");
            }
        }

        // The schemas of texts and money say what they are, though converters of our own read them.
        // An entry of a history holds what its event held.
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject().Where(schema => schema.Key is not ("OrderHistoryEntry" or "PaymentEventView")))
        {
            Assert.All(schema!["properties"]?.AsObject() ?? [], member => Assert.True(member.Value!.AsObject().Any(keyword => keyword.Key is "type" or "$ref" or "oneOf" or "anyOf" or "enum"), $"{name}.{member.Key} has no type."));
        }

        var product = document["components"]!["schemas"]!["ProductContent"]!["properties"]!;
        Assert.Equal("string", (string)product["title"]!["type"]!);
        Assert.Contains("null", product["slug"]!["type"]!.AsArray().Select(type => (string)type!));
    }

    // Well-formed, so that the refusal is not about its form.
    private static ByteArrayContent Content(JsonNode body, JsonNode document)
    {
        var (mediaType, description) = body["content"]!.AsObject().First();
        var junk = new Junk(document, 1);
        return Api.Bytes(mediaType == "application/json" ? System.Text.Encoding.UTF8.GetBytes(junk.Valid(description!["schema"]!).ToJsonString()) : "x"u8.ToArray(), mediaType);
    }
}
