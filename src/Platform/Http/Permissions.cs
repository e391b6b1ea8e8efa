using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Http;

/// <summary>The permission that an endpoint asks for, <c>module:action</c>.</summary>
/// <param name="Name">For example <c>catalog:write</c>.</param>
public sealed record RequiredPermission(string Name);

/// <summary>Who may call an endpoint. Every endpoint names a permission or allows anonymous callers, or the host does not start.</summary>
public static class Permissions
{
    /// <summary>
    /// Makes the endpoint ask for a permission. Until an identity module is installed nobody can hold one: the endpoint is then open in
    /// Development (or with <c>Security:OpenAccess</c>) and answers 403 elsewhere.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="permission">The permission, <c>module:action</c>.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder RequirePermission(this RouteHandlerBuilder builder, string permission) => builder
        .WithMetadata(new RequiredPermission(permission))
        .AddEndpointFilter(static (context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<OpenAccess>().IsOpen
                ? next(context)
                : throw new ProblemException(ProblemTypes.Forbidden, "This operation needs a permission, and no identity provider is installed that could grant it. For a closed network set Security:OpenAccess to true."));

    /// <summary>Whether the caller has a permission, for operations that show more to those who have it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="permission">The permission, <c>module:action</c>.</param>
    /// <returns>True when it is granted, or nothing grants permissions and access is open.</returns>
    public static bool Allows(HttpContext http, string permission)
    {
        ArgumentException.ThrowIfNullOrEmpty(permission);
        return http.RequestServices.GetRequiredService<OpenAccess>().IsOpen;
    }

    /// <summary>Refuses a caller without a permission, for operations that need it only in some cases.</summary>
    /// <param name="http">The request.</param>
    /// <param name="permission">The permission, <c>module:action</c>.</param>
    /// <exception cref="ProblemException">403 when it is not granted.</exception>
    public static void Require(HttpContext http, string permission)
    {
        if (!Allows(http, permission))
        {
            throw new ProblemException(ProblemTypes.Forbidden, $"This needs the permission {permission}, and no identity provider is installed that could grant it. For a closed network set Security:OpenAccess to true.");
        }
    }

    internal static void Verify(IEnumerable<EndpointDataSource> sources)
    {
        foreach (var endpoint in sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<RequiredPermission>() is null)
            {
                throw new ModuleConfigurationException(
                    $"The endpoint {endpoint.RoutePattern.RawText} ({endpoint.DisplayName}) names neither a permission nor AllowAnonymous. Add .RequirePermission(\"module:action\") or .AllowAnonymous() where it is mapped.");
            }
        }
    }
}

/// <summary>Whether operations that need a permission are open because nothing grants permissions yet.</summary>
internal sealed class OpenAccess(IHostEnvironment environment, IConfiguration configuration)
{
    public bool IsOpen { get; } = configuration.GetValue("Security:OpenAccess", environment.IsDevelopment());
}
