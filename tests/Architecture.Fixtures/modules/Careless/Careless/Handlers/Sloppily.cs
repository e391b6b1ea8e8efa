using System.Runtime.CompilerServices;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

[assembly: InternalsVisibleTo("ModularMonolith.Leaky")]

namespace ModularMonolith.Careless.Handlers;

internal sealed class Sloppily : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/api/meddling/rumours", SloppyHelper.Answer).AllowAnonymous();
}

internal static class SloppyHelper
{
    public static string Answer() => "Named after nothing, in a folder that is named after a kind of class.";
}
