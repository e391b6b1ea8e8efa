using System.Net;
using Carter;
using Carter.OpenApi;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Carter.Tests;

public sealed class ModuleSettingsTests
{
    [Fact]
    public async Task The_base_path_stands_before_every_route()
    {
        await using var application = await Start(_ => { });

        Assert.Equal("one", await application.Client.GetStringAsync("/shop/one"));
        Assert.Equal(HttpStatusCode.NotFound, (await application.Client.GetAsync("/one")).StatusCode);
    }

    [Fact]
    public async Task A_module_without_base_path_is_at_the_root()
    {
        await using var application = await TestApplication.Start(carter => carter.WithModule<RootModule>());

        Assert.Equal("root", await application.Client.GetStringAsync("/root"));
    }

    [Fact]
    public async Task Authorization_is_required_by_default_or_named_policies()
    {
        var byDefault = await Metadata(module => module.RequireAuthorization());
        var byPolicy = await Metadata(module => module.RequireAuthorization("a", "b"));

        Assert.Null(Assert.Single(byDefault.GetOrderedMetadata<IAuthorizeData>()).Policy);
        Assert.Equal(["a", "b"], byPolicy.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy));
    }

    [Fact]
    public async Task Hosts_are_required()
    {
        var metadata = await Metadata(module => module.RequireHost("shop.example", "*.shop.example"));

        Assert.Equal(["shop.example", "*.shop.example"], metadata.GetRequiredMetadata<IHostMetadata>().Hosts);
    }

    [Fact]
    public async Task A_cors_policy_is_required()
    {
        var metadata = await Metadata(module => module.RequireCors("partners"));

        Assert.Equal("partners", metadata.GetRequiredMetadata<IEnableCorsAttribute>().PolicyName);
    }

    [Fact]
    public async Task Rate_limiting_is_required_or_disabled()
    {
        var required = await Metadata(module => module.RequireRateLimiting("slow"));
        var disabled = await Metadata(module => module.DisableRateLimiting());

        Assert.Equal("slow", required.GetRequiredMetadata<EnableRateLimitingAttribute>().PolicyName);
        Assert.NotNull(disabled.GetMetadata<DisableRateLimitingAttribute>());
    }

    [Fact]
    public async Task Output_is_cached_by_a_policy()
    {
        await using var application = await TestApplication.Start(carter => carter.WithModule<CachedModule>(),
            services: services => services.AddOutputCache(options => options.AddPolicy("minute", policy => policy.Expire(TimeSpan.FromMinutes(1)))));

        var metadata = Assert.Single(application.Endpoints).Metadata;

        Assert.NotNull(metadata.GetMetadata<IOutputCachePolicy>());
    }

    [Fact]
    public async Task Names_and_texts_reach_the_api_description()
    {
        var metadata = await Metadata(module => module
            .WithTags("x", "y").WithGroupName("group").WithName("name").WithDescription("description").WithSummary("summary"));

        Assert.Equal(["x", "y"], metadata.GetRequiredMetadata<ITagsMetadata>().Tags);
        Assert.Equal("group", metadata.GetRequiredMetadata<IEndpointGroupNameMetadata>().EndpointGroupName);
        Assert.Equal("name", metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName);
        Assert.Equal("description", metadata.GetRequiredMetadata<IEndpointDescriptionMetadata>().Description);
        Assert.Equal("summary", metadata.GetRequiredMetadata<IEndpointSummaryMetadata>().Summary);
    }

    [Fact]
    public async Task The_display_name_is_set()
    {
        await using var application = await Start(module => module.WithDisplayName("Shop"));

        Assert.Equal("Shop", Assert.Single(application.Endpoints).DisplayName);
    }

    [Fact]
    public async Task Own_metadata_is_attached()
    {
        var metadata = await Metadata(module => module.WithMetadata("text", 42));

        Assert.Equal("text", metadata.GetMetadata<string>());
        Assert.Contains(42, metadata);
    }

    [Fact]
    public async Task A_module_a_group_and_a_route_can_be_marked_for_the_api_description()
    {
        Assert.NotNull((await Metadata(module => module.IncludeInOpenApi())).GetMetadata<IIncludeOpenApi>());
        await using var application = await TestApplication.Start(routes =>
        {
            routes.MapGet("/route", () => "x").IncludeInOpenApi();
            routes.MapGroup("/group").IncludeInOpenApi().MapGet("/", () => "x");
        });
        Assert.All(application.Endpoints, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<IIncludeOpenApi>()));
        Assert.Equal(2, application.Endpoints.Count());
    }

    [Fact]
    public async Task A_result_of_before_ends_the_request()
    {
        var after = 0;
        await using var application = await Start(module =>
        {
            module.Before = context => context.HttpContext.Request.Query.ContainsKey("stop") ? Results.StatusCode(418) : null;
            module.After = context => after += context.HttpContext.Response.HasStarted ? 100 : 1;
        });

        var stopped = await application.Client.GetAsync("/shop/one?stop");
        Assert.Equal(418, (int)stopped.StatusCode);
        Assert.Equal(0, after);

        Assert.Equal("one", await application.Client.GetStringAsync("/shop/one"));
        Assert.Equal(1, after);
    }

    private static async Task<EndpointMetadataCollection> Metadata(Action<CarterModule> settings)
    {
        await using var application = await Start(settings);
        return Assert.Single(application.Endpoints).Metadata;
    }

    private static Task<TestApplication> Start(Action<CarterModule> settings) => TestApplication.Start(
        carter => carter.WithModule<ShopModule>(), services: services => services.AddSingleton(settings));

    internal sealed class ShopModule : CarterModule
    {
        public ShopModule(Action<CarterModule> settings) : base("/shop") => settings(this);

        public override void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/one", () => "one");
    }

    internal sealed class RootModule : CarterModule
    {
        public override void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/root", () => "root");
    }

    internal sealed class CachedModule : CarterModule
    {
        public CachedModule() => WithCacheOutput("minute");

        public override void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/cached", () => "cached");
    }
}
