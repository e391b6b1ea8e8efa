using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>What the host says about itself: the OpenAPI document, its page, problems' explanations and health.</summary>
[Collection(PlainHosts.Name)]
public sealed class DescriptionTests(HostFixture host)
{
    private static readonly string[] Verbs = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    [Fact]
    public async Task The_description_is_OpenApi_3_1_and_names_each_operation_once()
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;

        Assert.StartsWith("3.1.", (string)document["openapi"]!, StringComparison.Ordinal);
        var operations = Operations(document).ToList();
        Assert.NotEmpty(operations);
        Assert.All(operations, operation => Assert.True(operation.Operation["operationId"] is not null && operation.Operation["summary"] is not null, operation.Name));
        Assert.Equal(operations.Count, operations.Select(operation => (string)operation.Operation["operationId"]!).Distinct().Count());
        Assert.All(operations, operation => Assert.NotEmpty(operation.Operation["responses"]!.AsObject()));
    }

    [Fact]
    public async Task Every_described_route_is_served_and_refuses_other_methods_with_their_list()
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;

        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            var methods = item!.AsObject().Select(member => member.Key).Where(Verbs.Contains).Select(verb => verb.ToUpperInvariant()).ToHashSet();
            var answer = await host.Api.SendAsync(new HttpMethod("FROB"), path.Replace("{", "x", StringComparison.Ordinal).Replace("}", "x", StringComparison.Ordinal), null);

            answer.ExpectProblem(405, "method-not-allowed");
            Assert.Superset(methods, answer.Header("Allow").Split(", ").ToHashSet());
        }
    }

    [Fact]
    public async Task Every_module_has_operations_in_the_description()
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;

        var tags = document["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToHashSet();
        var modules = HttpContracts.ContractFiles.Above(AppContext.BaseDirectory).Paths().Keys.Where(static owner => owner != HttpContracts.ContractDocument.Platform);
        Assert.Equal(modules.Concat(["audit", "log"]).Order(), tags.Order());
        Assert.All(document["tags"]!.AsArray(), tag => Assert.False(string.IsNullOrWhiteSpace((string?)tag!["description"])));
        foreach (var tag in tags)
        {
            Assert.Contains(Operations(document), operation => operation.Name.Contains($" /api/{tag}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_page_to_try_the_operations_is_there()
    {
        var page = (await host.Api.GetAsync("/docs/index.html")).Expect(200);
        Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("swagger-ui", page.Body, StringComparison.Ordinal);
        (await host.Api.GetAsync("/docs")).Expect(301);
        Assert.Equal("/docs/", (await host.Api.GetAsync("/")).Expect(302).Header("Location"));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_running_host_is_healthy(string path)
    {
        var health = (await host.Api.GetAsync(path)).Expect(200);
        Assert.Equal("healthy", health["status"]);
    }

    [Fact]
    public async Task The_kinds_of_problems_that_are_answered_explain_themselves()
    {
        Answer[] refusals =
        [
            (await host.Api.GetAsync("/api/no-such-module/things")).ExpectProblem(404),
            (await host.Api.DeleteAsync("/health/live")).ExpectProblem(405),
        ];

        foreach (var type in refusals.Select(refusal => refusal["type"]))
        {
            var page = (await host.Api.GetAsync(type)).Expect(200);
            Assert.Equal(type, page["type"]);
            Assert.NotEmpty(page["title"]);
        }
    }

    [Fact]
    public async Task A_kind_of_problem_that_does_not_exist_is_not_found() =>
        (await host.Api.GetAsync("/problems/no-such-problem")).ExpectProblem(404);

    internal static IEnumerable<(string Name, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from member in path.Value!.AsObject()
        where Verbs.Contains(member.Key)
        select ($"{member.Key.ToUpperInvariant()} {path.Key}", member.Value);
}
