using Marten;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.West.Contracts;

namespace ModularMonolith.North;

internal interface INorthStore : IDocumentStore;

/// <summary>A module that uses messages of the west and does not say so.</summary>
[Module("north", Owner = "platform", Purpose = "Stands for a module that declares nothing in the tests of the borders.")]
internal sealed class NorthModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.UseStore<INorthStore>(static _ => { });
        module.Services.AddSingleton<NorthNotebook>();
        if (module.Configuration.GetValue<bool>("AsksInBackground"))
        {
            module.Services.AddHostedService<AskInBackground>();
        }
    }
}

/// <summary>What the north has heard of.</summary>
internal sealed class NorthNotebook
{
    public TaskCompletionSource<string> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<Exception?> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Has the north ask the west.</summary>
internal sealed record AskUndeclared : IRequest<string>;

internal sealed class AskUndeclaredHandler(ISender sender) : IRequestHandler<AskUndeclared, string>
{
    public Task<string> Handle(AskUndeclared request, CancellationToken cancellationToken) => sender.Send(new AskWest(), cancellationToken);
}

[Subscription("hear-wind", Attempts = 1)]
internal sealed class WhenWindTurned(NorthNotebook notebook) : IHandle<WindTurned>
{
    public Task HandleAsync(WindTurned integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        notebook.Heard.TrySetResult(integrationEvent.Place);
        return Task.CompletedTask;
    }
}

internal sealed class AskInBackground(IServiceScopeFactory scopes, NorthNotebook notebook) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<ISender>().Send(new AskWest(), stoppingToken);
            notebook.Asked.TrySetResult(null);
        }
        catch (InvalidOperationException exception)
        {
            notebook.Asked.TrySetResult(exception);
        }
    }
}
