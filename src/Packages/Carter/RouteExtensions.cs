using System.Diagnostics.CodeAnalysis;
using Carter.ModelBinding;
using FluentValidation.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carter;

/// <summary>Routes that validate their model before the handler runs and answer 422 with problem details (RFC 9457) when it is not valid.</summary>
public static class RouteExtensions
{
    /// <summary>Maps a POST route that validates its model.</summary>
    /// <typeparam name="T">The type of the handler's parameter to validate.</typeparam>
    /// <param name="endpoints">Where to map the route.</param>
    /// <param name="pattern">The route pattern.</param>
    /// <param name="handler">The handler, with a parameter of type <typeparamref name="T"/>.</param>
    /// <returns>A builder for the route.</returns>
    public static RouteHandlerBuilder MapPost<T>(this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern, Delegate handler) =>
        endpoints.MapPost(pattern, handler).AddEndpointFilter(ValidateArgument<T>);

    /// <summary>Maps a PUT route that validates its model.</summary>
    /// <typeparam name="T">The type of the handler's parameter to validate.</typeparam>
    /// <param name="endpoints">Where to map the route.</param>
    /// <param name="pattern">The route pattern.</param>
    /// <param name="handler">The handler, with a parameter of type <typeparamref name="T"/>.</param>
    /// <returns>A builder for the route.</returns>
    public static RouteHandlerBuilder MapPut<T>(this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern, Delegate handler) =>
        endpoints.MapPut(pattern, handler).AddEndpointFilter(ValidateArgument<T>);

    /// <summary>Maps a POST route whose model comes from a form (<c>[FromForm]</c>) and is validated.</summary>
    /// <typeparam name="T">The type of the handler's parameter to validate.</typeparam>
    /// <param name="endpoints">Where to map the route.</param>
    /// <param name="pattern">The route pattern.</param>
    /// <param name="handler">The handler, with a parameter of type <typeparamref name="T"/>.</param>
    /// <returns>A builder for the route; ASP.NET Core's antiforgery rules for forms apply to it.</returns>
    public static RouteHandlerBuilder MapFormPost<T>(this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern, Delegate handler) => endpoints.MapPost<T>(pattern, handler);

    private static async ValueTask<object?> ValidateArgument<T>(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Filters run even when binding has failed; the framework then answers 400 by itself.
        if (context.HttpContext.Response.StatusCode == StatusCodes.Status400BadRequest)
            return await next(context);

        var result = context.Arguments.OfType<T>().FirstOrDefault() is { } model
            ? await context.HttpContext.Request.ValidateAsync(model)
            : new ValidationResult([new ValidationFailure(typeof(T).Name, $"A value of type {typeof(T).Name} is required.")]);
        return result.IsValid
            ? await next(context)
            : Results.Problem(statusCode: StatusCodes.Status422UnprocessableEntity,
                extensions: new Dictionary<string, object?> { ["errors"] = result.GetFormattedErrors() });
    }
}
