using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModularMonolith.Carter.Tests;

/// <summary>An application in memory with exactly the modules a test names.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestApplication(WebApplication application)
    {
        _application = application;
        Client = application.GetTestClient();
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _application.Services;

    public IEnumerable<RouteEndpoint> Endpoints => Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public static async Task<TestApplication> Start(Action<CarterConfigurator> configurator,
        DependencyContextAssemblyCatalog? catalog = null, Action<IServiceCollection>? services = null,
        Action<IEndpointRouteBuilder>? routes = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddCarter(catalog ?? new DependencyContextAssemblyCatalog([]), configurator);
        services?.Invoke(builder.Services);
        var application = builder.Build();
        application.MapCarter();
        routes?.Invoke(application);
        await application.StartAsync();
        return new TestApplication(application);
    }

    public static Task<TestApplication> Start(Action<IEndpointRouteBuilder> routes, Action<CarterConfigurator>? configurator = null) =>
        Start(configurator ?? (_ => { }), routes: routes);

    /// <summary>Runs one handler against a request and hands its answer back.</summary>
    public static async Task<HttpResponseMessage> Answer(RequestDelegate handler, HttpRequestMessage request,
        Action<CarterConfigurator>? configurator = null)
    {
        await using var application = await Start(
            routes => routes.MapMethods("/", ["GET", "POST", "PUT", "HEAD"], handler), configurator);
        var response = await application.Client.SendAsync(request);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }
}
