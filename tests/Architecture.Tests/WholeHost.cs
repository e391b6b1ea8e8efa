using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Architecture.Tests;

/// <summary>The host with every module, put together and not started. Putting it together takes longer than what most tests do with it, and none of them changes it.</summary>
public sealed class WholeHost : IAsyncDisposable
{
    internal ModuleCatalog Modules { get; } = ModuleCatalog.From(RepositoryUnderTest.Slices, new ConfigurationManager());

    internal WebApplication App { get; }

    internal IEnumerable<Endpoint> Endpoints => ((IEndpointRouteBuilder)App).DataSources.SelectMany(static source => source.Endpoints);

    public WholeHost()
    {
        App = Build(Modules);
        // Without it the framework describes nothing.
        App.UseEndpoints(static _ => { });
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    internal static WebApplication Build(ModuleCatalog modules)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.AddModularMonolith(modules);
        return builder.Build().UseModularMonolith();
    }
}

/// <summary>The tests that look at one and the same host.</summary>
[CollectionDefinition(Name)]
public sealed class WholeHosts : ICollectionFixture<WholeHost>
{
    public const string Name = "Whole host";
}
