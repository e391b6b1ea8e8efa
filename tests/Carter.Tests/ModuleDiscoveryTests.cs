using System.Net;
using System.Reflection;
using Carter;
using Carter.Response;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace ModularMonolith.Carter.Tests;

public sealed class ModuleDiscoveryTests
{
    private static DependencyContextAssemblyCatalog ThisAssembly => new([typeof(ModuleDiscoveryTests).Assembly]);

    [Fact]
    public async Task A_scan_finds_public_modules()
    {
        await using var application = await TestApplication.Start(_ => { }, ThisAssembly);

        Assert.Equal("scanned", await application.Client.GetStringAsync("/scanned"));
    }

    [Fact]
    public async Task A_scan_leaves_out_abstract_internal_and_nested_modules()
    {
        await using var application = await TestApplication.Start(_ => { }, ThisAssembly);

        Assert.Equal([typeof(ScannedModule)], application.Services.GetServices<ICarterModule>().Select(module => module.GetType()));
    }

    [Fact]
    public async Task Internal_and_nested_modules_work_when_named_and_stop_the_scan()
    {
        await using var application = await TestApplication.Start(
            carter => carter.WithModule<InternalModule>().WithModules(typeof(NestedModule)), ThisAssembly);

        Assert.Equal("internal", await application.Client.GetStringAsync("/internal"));
        Assert.Equal("nested", await application.Client.GetStringAsync("/nested"));
        Assert.Equal(HttpStatusCode.NotFound, (await application.Client.GetAsync("/scanned")).StatusCode);
    }

    [Fact]
    public async Task No_modules_are_registered_when_none_are_wanted()
    {
        await using var application = await TestApplication.Start(carter => carter.WithEmptyModules(), ThisAssembly);

        Assert.Empty(application.Endpoints);
    }

    [Fact]
    public async Task A_module_receives_services_in_its_constructor()
    {
        await using var application = await TestApplication.Start(
            carter => carter.WithModule<InjectedModule>(), services: services => services.AddSingleton(new Greeting("hello")));

        Assert.Equal("hello", await application.Client.GetStringAsync("/greeting"));
    }

    [Fact]
    public void A_type_that_is_no_module_validator_or_negotiator_is_refused_by_name()
    {
        var services = new ServiceCollection();

        void Configure(Action<CarterConfigurator> configurator) => services.AddCarter(ThisAssembly, configurator);

        Assert.Contains("Greeting does not implement Carter.ICarterModule",
            Assert.Throws<ArgumentException>(() => Configure(carter => carter.WithModules(typeof(Greeting)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Configure(carter => carter.WithValidators(typeof(Greeting))));
        Assert.Throws<ArgumentException>(() => Configure(carter => carter.WithResponseNegotiators(typeof(Greeting))));
    }

    [Fact]
    public void A_catalog_of_given_assemblies_holds_them_and_Carter()
    {
        var assembly = typeof(ModuleDiscoveryTests).Assembly;

        var catalog = new DependencyContextAssemblyCatalog(assembly, assembly);

        Assert.Equal([typeof(ICarterModule).Assembly, assembly], catalog.GetAssemblies().OrderBy(found => found.FullName, StringComparer.Ordinal));
    }

    [Fact]
    public void A_catalog_of_an_entry_assembly_holds_what_refers_to_Carter_or_FluentValidation()
    {
        var assemblies = new DependencyContextAssemblyCatalog(typeof(ModuleDiscoveryTests).Assembly).GetAssemblies();

        Assert.Contains(typeof(ModuleDiscoveryTests).Assembly, assemblies);
        Assert.Contains(typeof(ICarterModule).Assembly, assemblies);
        Assert.DoesNotContain(typeof(IValidator).Assembly, assemblies);
        Assert.DoesNotContain(typeof(FactAttribute).Assembly, assemblies);
    }

    [Fact]
    public void The_default_catalog_starts_at_the_entry_assembly() =>
        Assert.Contains(typeof(ICarterModule).Assembly, new DependencyContextAssemblyCatalog().GetAssemblies());

    [Fact]
    public void A_catalog_can_be_replaced()
    {
        using var provider = new ServiceCollection().AddCarter(new OneAssembly()).BuildServiceProvider();

        Assert.IsType<ScannedModule>(Assert.Single(provider.GetServices<ICarterModule>()));
    }

    [Fact]
    public async Task Validators_and_negotiators_are_found_by_the_scan()
    {
        await using var application = await TestApplication.Start(_ => { }, ThisAssembly);
        using var scope = application.Services.CreateScope();

        Assert.Contains(scope.ServiceProvider.GetServices<IValidator>(), validator => validator is ScannedValidator);
        Assert.Contains(application.Services.GetServices<IResponseNegotiator>(), negotiator => negotiator is ScannedNegotiator);
        Assert.Single(application.Services.GetServices<IResponseNegotiator>().OfType<DefaultJsonResponseNegotiator>());
    }

    [Fact]
    public async Task Validators_and_negotiators_can_be_left_out()
    {
        await using var application = await TestApplication.Start(
            carter => carter.WithEmptyValidators().WithEmptyResponseNegotiators(), ThisAssembly);

        Assert.Empty(application.Services.GetServices<IValidator>());
        Assert.IsType<DefaultJsonResponseNegotiator>(Assert.Single(application.Services.GetServices<IResponseNegotiator>()));
    }

    [Fact]
    public void Mapping_without_registration_fails()
    {
        using var application = WebApplication.CreateSlimBuilder().Build();

        Assert.Throws<InvalidOperationException>(() => application.MapCarter());
    }

    internal sealed record Greeting(string Text);

    internal sealed class NestedModule : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/nested", () => "nested");
    }

    internal sealed class InjectedModule(Greeting greeting) : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/greeting", () => greeting.Text);
    }

    private sealed class OneAssembly : DependencyContextAssemblyCatalog
    {
        public override IReadOnlyCollection<Assembly> GetAssemblies() => [typeof(ModuleDiscoveryTests).Assembly];
    }
}

public abstract class AbstractModule : ICarterModule
{
    public abstract void AddRoutes(IEndpointRouteBuilder app);
}

public sealed class ScannedModule : AbstractModule
{
    public override void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/scanned", () => "scanned");
}

internal sealed class InternalModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/internal", () => "internal");
}

internal sealed record Scanned(string Text);

internal sealed class ScannedValidator : AbstractValidator<Scanned>;

internal sealed class OpenValidator<T> : AbstractValidator<T>;

internal sealed class ScannedNegotiator : IResponseNegotiator
{
    public bool CanHandle(MediaTypeHeaderValue accept) => false;

    public Task Handle<T>(HttpRequest req, HttpResponse res, T model, CancellationToken cancellationToken) => Task.CompletedTask;
}
