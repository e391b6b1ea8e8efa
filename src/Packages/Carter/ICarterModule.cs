using Microsoft.AspNetCore.Routing;

namespace Carter;

/// <summary>A group of routes that is found at start-up and maps itself.</summary>
public interface ICarterModule
{
    /// <summary>Maps the routes of this module.</summary>
    /// <param name="app">Where to map them; the module's own group when the module is a <see cref="CarterModule"/>.</param>
    void AddRoutes(IEndpointRouteBuilder app);
}
