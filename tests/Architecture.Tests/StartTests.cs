using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Architecture.Tests;

/// <summary>What the host checks when it is put together. Nothing here needs a database.</summary>
[Collection(WholeHosts.Name)]
public sealed class StartTests(WholeHost whole)
{
    [Fact]
    public void Every_endpoint_of_a_module_names_a_permission_of_its_own_or_lets_everybody_in()
    {
        var endpoints = whole.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)).ToList();

        Assert.All(whole.Modules.Modules, module => Assert.Contains(endpoints, endpoint => ModuleOf(endpoint) == module.Name));
        Assert.All(endpoints, endpoint =>
        {
            var permission = endpoint.Metadata.GetMetadata<RequiredPermission>();
            object?[] answers = [permission, endpoint.Metadata.GetMetadata<RequiredSubject>(), endpoint.Metadata.GetMetadata<IAllowAnonymous>()];
            Assert.True(answers.Count(static answer => answer is not null) == 1, $"{endpoint.DisplayName} must either name a permission, ask for somebody known or allow anonymous callers.");
            Assert.True(permission is null || permission.Name.Split(':') is [var module, { Length: > 0 }] && module == ModuleOf(endpoint),
                $"{endpoint.DisplayName} asks for '{permission?.Name}'. A permission is written {ModuleOf(endpoint)}:action.");
        });
    }

    [Fact]
    public void No_two_modules_give_endpoints_the_same_name()
    {
        // The host would start, and answer every request with a failure.
        var names = whole.Endpoints.OfType<RouteEndpoint>()
            .GroupBy(static endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).Where(static group => group.Key is not null);
        Assert.All(names, static group => Assert.True(group.Count() == 1, $"{group.Key} is the name of {string.Join(" and ", group.Select(static endpoint => endpoint.RoutePattern.RawText))}."));
    }

    [Fact]
    public void No_two_modules_describe_different_things_under_the_same_name()
    {
        var described = new HashSet<Type>();
        foreach (var metadata in whole.Endpoints.SelectMany(static endpoint => endpoint.Metadata))
        {
            Describe((metadata as IProducesResponseTypeMetadata)?.Type ?? (metadata as IAcceptsMetadata)?.RequestType, described);
        }

        // The description would show one of them in place of both.
        Assert.All(
            described.Where(static type => !type.IsGenericType).GroupBy(static type => type.Name),
            static group => Assert.True(group.Count() == 1, $"{string.Join(" and ", group.Select(static type => type.FullName))} have one name in the description of the API. Name one of them by what it is of: OrderShipmentView."));
    }

    private static void Describe(Type? type, HashSet<Type> described)
    {
        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        foreach (var inner in type.GetGenericArguments().Append(type.GetElementType()))
        {
            Describe(inner, described);
        }

        if (type.Namespace?.StartsWith("ModularMonolith.", StringComparison.Ordinal) == true && described.Add(type) && !type.IsEnum)
        {
            foreach (var property in type.GetProperties())
            {
                Describe(property.PropertyType, described);
            }
        }
    }

    [Fact]
    public void Every_endpoint_is_in_the_description_of_the_API_or_in_this_list()
    {
        string[] undescribed = ["/", "/health/live", "/health/ready", "/openapi/v1.json", "/problems/{name}"];
        var endpoints = whole.Endpoints.OfType<RouteEndpoint>().ToList();

        // What the framework goes by when it describes endpoints.
        var described = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>() is not null && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not null
            && endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true }).ToList();

        Assert.Equal(undescribed, endpoints.Except(described).Select(static endpoint => endpoint.RoutePattern.RawText!).Distinct().Order(StringComparer.Ordinal));
        string[] prefixes = [.. whole.Modules.Modules.Select(static module => $"/api/{module.Name}"), "/api/audit", "/api/log", "/.well-known"];
        Assert.All(described, endpoint => Assert.True(
            Array.Exists(prefixes, prefix => (endpoint.RoutePattern.RawText! + '/').StartsWith(prefix + '/', StringComparison.Ordinal)), $"{endpoint.RoutePattern.RawText} is at an address that belongs to no module and no standard."));
    }

    [Fact]
    public async Task An_endpoint_that_says_nothing_about_its_callers_keeps_the_host_from_starting()
    {
        var careless = Assembly.Load("ModularMonolith.Careless");
        var refused = await Assert.ThrowsAsync<ModuleConfigurationException>(async () => await WholeHost.Build(ModuleCatalog.Alone(careless)).DisposeAsync());
        Assert.Contains("/api/careless/now", refused.Message, StringComparison.Ordinal);
        Assert.Contains("RequirePermission", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_without_a_subscription_keeps_the_host_from_starting()
    {
        var meddling = Assembly.Load("ModularMonolith.Meddling");
        var refused = await Assert.ThrowsAsync<ModuleConfigurationException>(async () => await WholeHost.Build(ModuleCatalog.Alone(meddling)).DisposeAsync());
        Assert.Contains("WhenShouted", refused.Message, StringComparison.Ordinal);
        Assert.Contains("[Subscription]", refused.Message, StringComparison.Ordinal);
    }

    private static string ModuleOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.Split('/')[2];
}
