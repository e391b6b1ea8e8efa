using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Carter.OpenApi;

/// <summary>Marks routes for the API description.</summary>
public static class OpenApiExtensions
{
    /// <summary>Attaches <see cref="IIncludeOpenApi"/> to a route, which an API description may select by.</summary>
    /// <param name="builder">The route.</param>
    /// <returns>The same route.</returns>
    public static RouteHandlerBuilder IncludeInOpenApi(this RouteHandlerBuilder builder) => builder.WithMetadata(new IncludeOpenApi());

    /// <summary>Attaches <see cref="IIncludeOpenApi"/> to the routes of a group, which an API description may select by.</summary>
    /// <param name="builder">The group.</param>
    /// <returns>The same group.</returns>
    public static RouteGroupBuilder IncludeInOpenApi(this RouteGroupBuilder builder) => builder.WithMetadata(new IncludeOpenApi());
}

/// <summary>Endpoint metadata: the route belongs in the API description.</summary>
public interface IIncludeOpenApi;

/// <summary>The metadata that <see cref="OpenApiExtensions"/> attaches.</summary>
public class IncludeOpenApi : IIncludeOpenApi;
