namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// API9:2023, improper inventory management: nothing is served that is not described. Architecture.Tests compares the endpoint table of the host with the description; here are the addresses at which
/// hosts are found to serve more than their owners know.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed class ApiInventoryTests(SecurityHost host)
{
    private static readonly string[] Forgotten =
    [
        "/swagger", "/swagger/index.html", "/swagger/v1/swagger.json", "/openapi", "/openapi/v2.json", "/openapi/v1.yaml", "/openapi/internal.json", "/v1/api-docs", "/metrics", "/actuator", "/actuator/env", "/debug", "/debug/pprof",
        "/trace", "/trace.axd", "/elmah.axd", "/hangfire", "/profiler", "/mini-profiler-resources/results-index", "/graphql", "/graphiql", "/admin", "/console", "/status", "/server-status", "/health", "/healthz", "/env", "/config",
        "/appsettings.json", "/appsettings.Development.json", "/web.config", "/.env", "/.git/config", "/.git/HEAD", "/.well-known/security.txt", "/ModularMonolith.Host.dll", "/ModularMonolith.Host.deps.json", "/docs/appsettings.json",
        "/docs/../appsettings.json", "/_framework/blazor.boot.json", "/_vs/browserLink", "/api", "/api/v1", "/api/v1/orders", "/api/v2/catalog/products", "/api/internal", "/api/test", "/api/debug", "/api/orders", "/api/bridge", "/api/identity", "/api/platform",
        "/connect/token", "/oauth/token", "/account/login", "/phpinfo.php", "/wp-login.php", "/robots.txt", "/sitemap.xml", "/favicon.ico", "/backup.zip", "/dump.sql",
    ];

    [Fact]
    public async Task Addresses_at_which_hosts_forget_things_have_nothing()
    {
        foreach (var path in Forgotten)
        {
            (await host.Admin.GetAsync(path)).ExpectProblem(404);
        }
    }

    [Fact]
    public async Task Every_described_operation_is_in_a_module_or_at_an_address_that_a_standard_fixes()
    {
        var document = (await host.Admin.GetAsync("/openapi/v1.json")).Expect(200).Json;
        var modules = document["tags"]!.AsArray().Select(static tag => (string)tag!["name"]!).ToList();

        foreach (var operation in SampledOperation.AllOf(document))
        {
            Assert.True(
                modules.Exists(module => operation.Template == "/api/" + module || operation.Template.StartsWith($"/api/{module}/", StringComparison.Ordinal)) || operation.Template.StartsWith("/.well-known/", StringComparison.Ordinal),
                operation.Name);
            Assert.NotEmpty(operation.Described["responses"]!.AsObject());
        }
    }
}
