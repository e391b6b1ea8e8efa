namespace ModularMonolith.Analyzers.Tests;

public sealed class ServiceLocationTests
{
    private const string Usings = """
        using Carter;
        using MediatR;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.Routing;
        using Microsoft.Extensions.DependencyInjection;
        using ModularMonolith.Platform.Contracts;
        using ModularMonolith.Platform.Modules;

        namespace ModularMonolith.Ordering;

        internal sealed class Prices;

        internal sealed record PlaceOrder(Guid Basket) : ICommand<string>;


        """;

    [Fact]
    public Task What_a_use_case_takes_out_of_the_container_is_reported() => AnalyzedModule.Slice.ReportsAsync(Usings + """
        internal sealed class PlaceOrderHandler(IServiceProvider services) : IRequestHandler<PlaceOrder, string>
        {
            public Task<string> Handle(PlaceOrder request, CancellationToken cancellationToken)
            {
                using var scope = services.CreateScope();
                object?[] found =
                [
                    services.{|MM0014:GetRequiredService<ISender>|}(),
                    services.{|MM0014:GetService|}(typeof(ISender)),
                    services.{|MM0014:GetServices<ISender>|}(),
                    services.{|MM0014:GetRequiredKeyedService<ISender>|}("one"),
                    services.{|MM0014:GetRequiredService<Prices>|}(),
                    scope.ServiceProvider.{|MM0014:GetRequiredService<Prices>|}(),
                    ActivatorUtilities.{|MM0014:CreateInstance<Prices>|}(services),
                ];
                return Task.FromResult(found.Length.ToString());
            }
        }

        internal sealed class PlaceOrderEndpoint : ICarterModule
        {
            public void AddRoutes(IEndpointRouteBuilder app) => app.MapPost("/orders", (HttpContext http) => http.RequestServices.{|MM0014:GetService<Prices>|}()?.ToString());
        }
        """);

    [Fact]
    public Task Services_of_the_platform_are_taken_by_no_other_class_either() => AnalyzedModule.Slice.ReportsAsync(Usings + """
        internal sealed class Worker(IServiceProvider services)
        {
            public ISender Sender => services.{|MM0014:GetRequiredService<ISender>|}();

            public object? Any(Type type) => services.{|MM0014:GetService|}(type);
        }
        """);

    [Fact]
    public Task A_service_of_another_module_is_taken_nowhere() => new AnalyzedModule { SeesCatalogContracts = true }.ReportsAsync(Usings + """
        internal sealed class OrderingModule : IModule
        {
            public void Configure(ModuleBuilder module) =>
                module.Services.AddSingleton(provider => provider.{|MM0014:GetRequiredService<ModularMonolith.Catalog.Contracts.IPriceList>|}().ToString()!);
        }

        internal sealed class Worker(IServiceScopeFactory scopes)
        {
            public int Count() => scopes.CreateScope().ServiceProvider.{|MM0014:GetServices<ModularMonolith.Catalog.Contracts.IPriceList>|}().Count();
        }
        """);

    [Fact]
    public Task Factories_own_types_and_own_scopes_are_not_reported() => AnalyzedModule.Slice.ReportsAsync(Usings + """
        internal sealed class OrderingModule : IModule
        {
            public void Configure(ModuleBuilder module)
            {
                module.Services.AddSingleton(static provider => Make(provider));
                Registration.Add(module.Services);
            }

            private static string Make(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>().ToString()!;
        }

        internal static class Registration
        {
            public static void Add(IServiceCollection services) =>
                services.AddSingleton<Worker>(provider => ActivatorUtilities.CreateInstance<Worker>(provider, provider.GetRequiredService<IServiceScopeFactory>()));
        }

        internal sealed class Worker(IServiceScopeFactory scopes, IServiceProvider services)
        {
            public async Task RunAsync()
            {
                _ = services.GetRequiredService<Prices>();
                _ = services.GetService(typeof(Prices));
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<ISender>().Send(new PlaceOrder(Guid.Empty));
            }
        }

        internal sealed class PlaceOrderHandler(Prices prices, [FromKeyedServices("own")] Prices keyed) : IRequestHandler<PlaceOrder, string>
        {
            public Task<string> Handle(PlaceOrder request, CancellationToken cancellationToken) => Task.FromResult($"{prices}{keyed}");
        }
        """);

    [Fact]
    public async Task The_message_says_whose_service_it_is()
    {
        var messages = await new AnalyzedModule { SeesCatalogContracts = true }.MessagesAsync(Usings + """
            internal sealed class Worker(IServiceProvider services)
            {
                public object? Find() => services.GetService<ModularMonolith.Catalog.Contracts.IPriceList>();
            }
            """);

        Assert.StartsWith("Worker.Find fetches IPriceList of Catalog from the container. Take what you need as a parameter", Assert.Single(messages), StringComparison.Ordinal);
    }
}
