using MediatR;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.West.Contracts;

/// <summary>Asks the west which way the wind blows.</summary>
public sealed record AskWest : IRequest<string>;

/// <summary>The wind has turned.</summary>
/// <param name="Place">The key.</param>
[EventName("west.wind-turned")]
public sealed record WindTurned(string Place) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Place;
}

/// <summary>Settings of the west.</summary>
public sealed class WestSettings
{
    public int Wind { get; set; }
}

/// <summary>What a module could register and another one take. No contract has such a thing; the tests need one.</summary>
public interface ITool
{
    string Owner { get; }
}

/// <summary>What only a request handler takes.</summary>
public interface IHandlersTool;

/// <summary>What only a validator takes.</summary>
public interface IValidatorsTool;

/// <summary>What only an event handler takes.</summary>
public interface ISubscribersTool;

/// <summary>What only an endpoint takes.</summary>
public interface IEndpointsTool;

/// <summary>What only a health check takes.</summary>
public interface IChecksTool;

/// <summary>All of them.</summary>
/// <param name="Owner">Who has registered it.</param>
public sealed record Tool(string Owner) : ITool, IHandlersTool, IValidatorsTool, ISubscribersTool, IEndpointsTool, IChecksTool;
