using System.Collections.Concurrent;
using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.West.Contracts;

namespace ModularMonolith.East;

internal interface IEastStore : IDocumentStore;

/// <summary>A module that declares its neighbour in the west. <c>east:Takes</c> says what it would be given, <c>east:Registers</c> that it brings its own.</summary>
[Module("east", Owner = "platform", Purpose = "Stands for a module with a neighbour in the tests of the borders.", DependsOn = ["west"])]
internal sealed class EastModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.UseStore<IEastStore>(static _ => { });
        var services = module.Services;
        services.AddSingleton<Notebook>();
        services.AddSingleton<IHttpContextAccessor, HttpContextAccessor>();
        services.AddHealthChecks().AddCheck<EastCheck>("east");
        if (module.Configuration["Registers"] == "own")
        {
            services.AddSingleton<ITool>(static _ => new Tool("east")).AddKeyedSingleton<ITool>("sharp", static (_, _) => new Tool("east"));
            services.AddSingleton<IHandlersTool>(static _ => new Tool("east")).AddSingleton<IValidatorsTool>(static _ => new Tool("east"));
            services.AddSingleton<ISubscribersTool>(static _ => new Tool("east")).AddSingleton<IEndpointsTool>(static _ => new Tool("east")).AddSingleton<IChecksTool>(static _ => new Tool("east"));
        }

        _ = module.Configuration["Takes"] switch
        {
            "one" => services.AddSingleton<TakesOne>(),
            "keyed" => services.AddSingleton<TakesKeyed>(),
            "many" => services.AddSingleton<TakesMany>(),
            "func" => services.AddSingleton<TakesFunc>(),
            "lazy" => services.AddSingleton<TakesLazy>(),
            "generic" => services.AddSingleton(typeof(TakesOpen<>)),
            "client" => services.AddSingleton<TakesClient>(),
            "settings" => services.AddSingleton<TakesSettings>(),
            "own settings" => services.AddSingleton<TakesOwnSettings>(),
            "hosted" => services.AddHostedService<TakesInBackground>(),
            "keyed service" => services.AddKeyedScoped<TakesOne>("any"),
            "provider" => services.AddSingleton<TakesProvider>(),
            "provider with a reason" => services.AddSingleton<TakesProviderWithReason>(),
            "scopes" => services.AddSingleton<TakesScopes>(),
            "framework" => services.AddSingleton<TakesFramework>(),
            _ => services,
        };
    }
}

internal sealed class TakesOne(ITool tool)
{
    public ITool Tool => tool;
}

internal sealed class TakesKeyed([FromKeyedServices("sharp")] ITool tool)
{
    public ITool Tool => tool;
}

internal sealed class TakesMany(IEnumerable<ITool> tools)
{
    public IEnumerable<ITool> Tools => tools;
}

internal sealed class TakesFunc(Func<ITool> tool)
{
    public ITool Tool => tool();
}

internal sealed class TakesLazy(Lazy<IEnumerable<ITool>> tools)
{
    public IEnumerable<ITool> Tools => tools.Value;
}

internal sealed class TakesOpen<T>(ITool tool)
{
    public (Type, ITool) Both => (typeof(T), tool);
}

internal sealed class TakesClient(HttpClient client)
{
    public HttpClient Client => client;
}

internal sealed class TakesSettings(IOptions<WestSettings> settings)
{
    public int Wind => settings.Value.Wind;
}

internal sealed class EastSettings
{
    public int Wind { get; set; }
}

internal sealed class TakesOwnSettings(IOptionsMonitor<EastSettings> settings)
{
    public int Wind => settings.CurrentValue.Wind;
}

internal sealed class TakesInBackground(ITool tool) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.FromResult(tool.Owner);
}

internal sealed class TakesProvider(IServiceProvider services)
{
    public object? Tool => services.GetService(typeof(ITool));
}

[LocatesServices("The test needs one that is allowed.")]
internal sealed class TakesProviderWithReason(IServiceProvider services)
{
    public object? Tool => services.GetService(typeof(ITool));
}

internal sealed class TakesScopes(IServiceScopeFactory scopes)
{
    public IServiceScopeFactory Scopes => scopes;
}

internal sealed class TakesFramework(IHttpContextAccessor http, TimeProvider time, ISender sender, ModuleCatalog modules)
{
    public object[] All => [http, time, sender, modules];
}

/// <summary>What the east has heard of.</summary>
internal sealed class Notebook
{
    public ConcurrentQueue<string> Lines { get; } = new();
}

/// <summary>Nobody but the east sends it.</summary>
internal sealed record AskEast : IRequest<string>;

internal sealed class AskEastHandler(IServiceScopeFactory scopes) : IRequestHandler<AskEast, string>
{
    public Task<string> Handle(AskEast request, CancellationToken cancellationToken) => Task.FromResult("east " + scopes.GetHashCode());
}

internal sealed class AskEastValidator : AbstractValidator<AskEast>
{
    public AskEastValidator(IEnumerable<IValidatorsTool> tools) => RuleFor(static ask => ask).Must(_ => tools.Count() < 2);
}

/// <summary>Asks the neighbour that is declared, so many times at once.</summary>
internal sealed record PassOn(int Times) : IRequest<string>;

internal sealed class PassOnHandler(ISender sender, IEnumerable<IHandlersTool> tools) : IRequestHandler<PassOn, string>
{
    public async Task<string> Handle(PassOn request, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, request.Times).Select(_ => sender.Send(new AskWest(), cancellationToken)));
        return string.Join(' ', answers.Concat(tools.Select(static tool => tool.ToString()!)));
    }
}

[Subscription("note-wind")]
internal sealed class WhenWindTurned(Notebook notebook, IEnumerable<ISubscribersTool> tools) : IHandle<WindTurned>
{
    public Task HandleAsync(WindTurned integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        notebook.Lines.Enqueue(integrationEvent.Place + string.Concat(tools));
        return Task.CompletedTask;
    }
}

internal sealed class EastEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/tools", static ([FromServices] IEnumerable<IEndpointsTool> tools) => tools.Count()).AllowAnonymous().WithName("CountTools").WithSummary("Counts tools.");
        app.MapGet("/wind", static (ISender sender, CancellationToken cancellationToken) => sender.Send(new AskWest(), cancellationToken)).AllowAnonymous().WithName("ShowWind").WithSummary("Shows the wind.");
    }
}

internal sealed class EastCheck(IEnumerable<IChecksTool> tools) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(tools.Count().ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
