using Marten;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using ModularMonolith.West.Contracts;

namespace ModularMonolith.West;

internal interface IWestStore : IDocumentStore;

/// <summary>A neighbour: what it registers is another module's temptation. <c>west:Offers</c> says what.</summary>
[Module("west", Owner = "platform", Purpose = "Stands for a neighbour in the tests of the borders.")]
internal sealed class WestModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.UseStore<IWestStore>(static _ => { });
        var services = module.Services;
        services.AddSingleton<WesternTool>();
        services.AddSingleton<IHttpContextAccessor, HttpContextAccessor>();
        _ = module.Configuration["Offers"] switch
        {
            "type" => services.AddSingleton<ITool, WesternTool>(),
            "factory" => services.AddSingleton<ITool>(static _ => new Tool("west")),
            "keyed" => services.AddKeyedSingleton<ITool, WesternTool>("sharp"),
            "instance" => services.AddSingleton(new HttpClient()),
            "settings" => services.Configure<WestSettings>(static settings => settings.Wind = 4),
            "handler" => services.AddSingleton<IHandlersTool>(static _ => new Tool("west")),
            "validator" => services.AddSingleton<IValidatorsTool>(static _ => new Tool("west")),
            "subscriber" => services.AddSingleton<ISubscribersTool>(static _ => new Tool("west")),
            "endpoint" => services.AddSingleton<IEndpointsTool>(static _ => new Tool("west")),
            "check" => services.AddSingleton<IChecksTool>(static _ => new Tool("west")),
            _ => services,
        };
    }
}

internal sealed class WesternTool : ITool
{
    public string Owner => "west";
}

internal sealed class AskWestHandler : IRequestHandler<AskWest, string>
{
    public Task<string> Handle(AskWest request, CancellationToken cancellationToken) => Task.FromResult("west");
}

/// <summary>Has the west publish.</summary>
internal sealed record TurnWind(string Place) : ICommand;

internal sealed class TurnWindHandler(IModuleSession<IWestStore> session) : IRequestHandler<TurnWind, Unit>
{
    public Task<Unit> Handle(TurnWind request, CancellationToken cancellationToken)
    {
        session.Publish(new WindTurned(request.Place));
        return Unit.Task;
    }
}

/// <summary>Has the west ask the east, which it does not know, by a name that no compiler sees.</summary>
internal sealed record AskByName : IRequest<string>;

internal sealed class AskByNameHandler(ISender sender) : IRequestHandler<AskByName, string>
{
    public async Task<string> Handle(AskByName request, CancellationToken cancellationToken)
    {
        var secret = Type.GetType("ModularMonolith.East.AskEast, ModularMonolith.East", throwOnError: true)!;
        return (string)(await sender.Send(Activator.CreateInstance(secret)!, cancellationToken))!;
    }
}
