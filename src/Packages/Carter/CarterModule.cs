using Carter.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Carter;

/// <summary>A module whose routes share a base path and settings, given in its constructor.</summary>
public abstract class CarterModule : ICarterModule
{
    private readonly string _basePath;
    private readonly List<Action<RouteGroupBuilder>> _settings = [];

    /// <summary>A module at the root.</summary>
    protected CarterModule() : this(string.Empty)
    {
    }

    /// <summary>A module whose routes all start with a path.</summary>
    /// <param name="basePath">The path, which may contain route parameters.</param>
    protected CarterModule(string basePath) => _basePath = basePath;

    /// <summary>Runs before each handler; an answer other than null is sent and the handler does not run.</summary>
    public Func<EndpointFilterInvocationContext, IResult?>? Before { get; set; }

    /// <summary>Runs after each handler that returned, before its result is written.</summary>
    public Action<EndpointFilterInvocationContext>? After { get; set; }

    /// <summary>Maps the routes of this module.</summary>
    /// <param name="app">The module's group.</param>
    public abstract void AddRoutes(IEndpointRouteBuilder app);

    /// <summary>Requires an authorised user.</summary>
    /// <param name="policyNames">The policies to fulfil; the default policy when there is none.</param>
    /// <returns>This module.</returns>
    public CarterModule RequireAuthorization(params string[] policyNames) => With(group => group.RequireAuthorization(policyNames));

    /// <summary>Answers only requests to certain hosts.</summary>
    /// <param name="hosts">The hosts, with wildcards and ports as ASP.NET Core writes them.</param>
    /// <returns>This module.</returns>
    public CarterModule RequireHost(params string[] hosts) => With(group => group.RequireHost(hosts));

    /// <summary>Applies a CORS policy.</summary>
    /// <param name="policyName">The policy's name.</param>
    /// <returns>This module.</returns>
    public CarterModule RequireCors(string policyName) => With(group => group.RequireCors(policyName));

    /// <summary>Applies a rate-limiting policy.</summary>
    /// <param name="policyName">The policy's name.</param>
    /// <returns>This module.</returns>
    public CarterModule RequireRateLimiting(string policyName) => With(group => group.RequireRateLimiting(policyName));

    /// <summary>Exempts the module from rate limiting.</summary>
    /// <returns>This module.</returns>
    public CarterModule DisableRateLimiting() => With(group => group.DisableRateLimiting());

    /// <summary>Caches responses by an output-cache policy.</summary>
    /// <param name="policyName">The policy's name.</param>
    /// <returns>This module.</returns>
    public CarterModule WithCacheOutput(string policyName) => With(group => group.CacheOutput(policyName));

    /// <summary>Tags the routes in the API description.</summary>
    /// <param name="tags">The tags.</param>
    /// <returns>This module.</returns>
    public CarterModule WithTags(params string[] tags) => With(group => group.WithTags(tags));

    /// <summary>Sets the document group in the API description.</summary>
    /// <param name="name">The group's name.</param>
    /// <returns>This module.</returns>
    public CarterModule WithGroupName(string name) => With(group => group.WithGroupName(name));

    /// <summary>Names the endpoint; a name must be unique, so this suits a module of one route.</summary>
    /// <param name="name">The endpoint's name.</param>
    /// <returns>This module.</returns>
    public CarterModule WithName(string name) => With(group => group.WithName(name));

    /// <summary>Sets the name that logs and diagnostics show.</summary>
    /// <param name="displayName">The name.</param>
    /// <returns>This module.</returns>
    public CarterModule WithDisplayName(string displayName) => With(group => group.WithDisplayName(displayName));

    /// <summary>Sets the description in the API description.</summary>
    /// <param name="description">The description.</param>
    /// <returns>This module.</returns>
    public CarterModule WithDescription(string description) => With(group => group.WithDescription(description));

    /// <summary>Sets the summary in the API description.</summary>
    /// <param name="summary">The summary.</param>
    /// <returns>This module.</returns>
    public CarterModule WithSummary(string summary) => With(group => group.WithSummary(summary));

    /// <summary>Attaches metadata to the routes.</summary>
    /// <param name="items">The metadata.</param>
    /// <returns>This module.</returns>
    public CarterModule WithMetadata(params object[] items) => With(group => group.WithMetadata(items));

    /// <summary>Marks the routes for the API description with <see cref="IIncludeOpenApi"/>.</summary>
    /// <returns>This module.</returns>
    public CarterModule IncludeInOpenApi() => With(group => group.IncludeInOpenApi());

    internal void MapTo(IEndpointRouteBuilder builder)
    {
        var group = builder.MapGroup(_basePath);
        foreach (var apply in _settings)
            apply(group);
        if (Before is { } before)
            group.AddEndpointFilter((context, next) => before(context) is { } answer ? ValueTask.FromResult<object?>(answer) : next(context));
        if (After is { } after)
        {
            group.AddEndpointFilter(async (context, next) =>
            {
                var result = await next(context);
                after(context);
                return result;
            });
        }

        AddRoutes(group);
    }

    private CarterModule With(Action<RouteGroupBuilder> setting)
    {
        _settings.Add(setting);
        return this;
    }
}
