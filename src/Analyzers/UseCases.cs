using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ModularMonolith.Analyzers;

/// <summary>Knows the classes in which use cases stand: handlers of requests and events, and endpoints.</summary>
internal sealed class UseCases
{
    private readonly ImmutableArray<INamedTypeSymbol> _handlers;
    private readonly INamedTypeSymbol? _endpoint;

    private UseCases(ImmutableArray<INamedTypeSymbol> handlers, INamedTypeSymbol? endpoint)
    {
        _handlers = handlers;
        _endpoint = endpoint;
    }

    public static UseCases In(Compilation compilation)
    {
        string[] names =
        [
            "MediatR.IRequestHandler`1", "MediatR.IRequestHandler`2", "ModularMonolith.Platform.IntegrationLog.IHandle`1", "ModularMonolith.Platform.IntegrationLog.IHandleBatch`1",
        ];
        return new UseCases([.. names.Select(compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>()], compilation.GetTypeByMetadataName("Carter.ICarterModule"));
    }

    /// <summary>Whether a class handles requests or events.</summary>
    public bool Handles(INamedTypeSymbol type) => _handlers.Any(type.IsA);

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
