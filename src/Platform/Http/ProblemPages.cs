using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Http;

/// <summary>Answers each problem's type with its explanation, so that the link in an error leads somewhere.</summary>
internal static class ProblemPages
{
    public static void Map(IEndpointRouteBuilder routes, ModuleCatalog modules)
    {
        var types = modules.Modules.Select(module => module.Assembly).Append(typeof(ProblemTypes).Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: true, IsSealed: true, ContainsGenericParameters: false })
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(ProblemType))
            .Select(field => (ProblemType)field.GetValue(null)!)
            .DistinctBy(type => type.Name)
            .ToDictionary(type => type.Name, StringComparer.Ordinal);

        routes.MapGet("/problems/{name}", (string name) => types.TryGetValue(name, out var type)
                ? Results.Ok(new { type = type.Uri, type.Status, type.Title, type.Explanation })
                : Results.Ok(new { type = "/problems/" + name, Title = "The request was refused for the reason that its status code gives." }))
            .AllowAnonymous().ExcludeFromDescription();
    }
}
