using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ModularMonolith.Analyzers;

/// <summary>Knows the types of which use cases are made: requests, their handlers and validators, handlers of events, and endpoints.</summary>
internal sealed class UseCases
{
    private readonly ImmutableArray<INamedTypeSymbol> _requestHandlers;
    private readonly ImmutableArray<INamedTypeSymbol> _eventHandlers;
    private readonly INamedTypeSymbol? _validator;
    private readonly INamedTypeSymbol? _endpoint;
    private readonly INamedTypeSymbol? _request;
    private readonly INamedTypeSymbol? _command;
    private readonly INamedTypeSymbol? _event;

    private UseCases(Compilation compilation)
    {
        _requestHandlers = Types("MediatR.IRequestHandler`1", "MediatR.IRequestHandler`2");
        _eventHandlers = Types("ModularMonolith.Platform.IntegrationLog.IHandle`1", "ModularMonolith.Platform.IntegrationLog.IHandleBatch`1");
        _validator = compilation.GetTypeByMetadataName("FluentValidation.IValidator`1");
        _endpoint = compilation.GetTypeByMetadataName("Carter.ICarterModule");
        _request = compilation.GetTypeByMetadataName("MediatR.IBaseRequest");
        _command = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Contracts.ICommand`1");
        _event = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Contracts.IIntegrationEvent");

        ImmutableArray<INamedTypeSymbol> Types(params string[] names) => [.. names.Select(compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>()];
    }

    public static UseCases In(Compilation compilation) => new(compilation);

    /// <summary>Whether a class handles requests or events.</summary>
    public bool Handles(INamedTypeSymbol type) => _requestHandlers.Any(type.IsA) || _eventHandlers.Any(type.IsA);

    public bool IsRequest(INamedTypeSymbol type) => type.IsA(_request);

    public bool IsCommand(INamedTypeSymbol type) => type.IsA(_command);

    public bool IsEvent(INamedTypeSymbol type) => type.IsA(_event);

    public bool IsEndpoint(INamedTypeSymbol type) => type.IsA(_endpoint);

    /// <summary>The requests that a type handles.</summary>
    public IEnumerable<INamedTypeSymbol> Handled(INamedTypeSymbol type) => Closing(type, _requestHandlers);

    /// <summary>What a type validates.</summary>
    public IEnumerable<INamedTypeSymbol> Validated(INamedTypeSymbol type) => _validator is null ? [] : Closing(type, [_validator]);

    /// <summary>How many kinds of events a type handles.</summary>
    public int EventsOf(INamedTypeSymbol type) => type.AllInterfaces.Count(contract => _eventHandlers.Contains(contract.OriginalDefinition, SymbolEqualityComparer.Default));

    /// <summary>What a class is of a use case: "an endpoint", "a handler", "a handler of events" or "a validator"; null when it is none of them.</summary>
    public string? RoleOf(INamedTypeSymbol type)
    {
        foreach (var contract in type.AllInterfaces)
        {
            var kind = contract.OriginalDefinition;
            var role = SymbolEqualityComparer.Default.Equals(kind, _endpoint) ? "an endpoint"
                : _requestHandlers.Contains(kind, SymbolEqualityComparer.Default) ? "a handler"
                : _eventHandlers.Contains(kind, SymbolEqualityComparer.Default) ? "a handler of events"
                : SymbolEqualityComparer.Default.Equals(kind, _validator) ? "a validator" : null;
            if (role is not null)
            {
                return role;
            }
        }

        return null;
    }

    private static IEnumerable<INamedTypeSymbol> Closing(INamedTypeSymbol type, ImmutableArray<INamedTypeSymbol> open) =>
        type.AllInterfaces.Where(contract => open.Contains(contract.OriginalDefinition, SymbolEqualityComparer.Default)).Select(static contract => contract.TypeArguments[0]).OfType<INamedTypeSymbol>()
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);

    /// <summary>Whether a class, or one around it, is a part of a use case: it handles requests or events, or maps their routes.</summary>
    public bool Contain(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
        {
            if (Handles(type) || type.IsA(_endpoint))
            {
                return true;
            }
        }

        return false;
    }
}
