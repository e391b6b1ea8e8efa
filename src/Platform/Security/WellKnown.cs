using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Platform.Security;

/// <summary>Endpoints of a module below <c>/.well-known</c> (RFC 8615), where standards fix the address. The module registers it as a singleton service.</summary>
public interface IWellKnownEndpoints
{
    /// <summary>Maps them.</summary>
    /// <param name="wellKnown">The group <c>/.well-known</c>.</param>
    void AddRoutes(IEndpointRouteBuilder wellKnown);
}

/// <summary>What an endpoint says about the credentials of its callers.</summary>
public static class EndpointCredentials
{
    /// <summary>Leaves the header <c>Authorization</c> to the endpoint, which checks credentials of a kind of its own (those of OAuth clients, RFC 6749, section 2.3). Its callers are nobody known.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder ChecksCredentialsItself(this RouteHandlerBuilder builder) => builder.WithMetadata(new OwnCredentials());

    internal static bool AreLeftToEndpoint(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<OwnCredentials>() is not null;

    internal static void MapWellKnown(WebApplication app)
    {
        var group = app.MapGroup("/.well-known");
        foreach (var endpoints in app.Services.GetServices<IWellKnownEndpoints>())
        {
            endpoints.AddRoutes(group);
        }
    }

    private sealed class OwnCredentials;
}
