using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Architecture.Tests;

/// <summary>A command that loses against a concurrent change, and goes on losing where it is tried again, is answered with 409: at each operation that sends one, the description says so.</summary>
public sealed class ConflictAnswerTests
{
    private const string Example = "concurrent-change";

    [Fact]
    public async Task Every_operation_that_sends_a_command_describes_a_conflict_and_no_other_does()
    {
        var assemblies = RepositoryUnderTest.Codebase.Modules.SelectMany(static module => new[] { module.Slice!, module.Contracts! }).Concat(RepositoryUnderTest.Codebase.Platforms).Select(static compiled => compiled.Assembly).ToList();
        using var requests = new SentRequests(assemblies);
        await using var app = StartTests.Build(ModuleCatalog.From(RepositoryUnderTest.Codebase.Modules.Select(static module => module.Slice!.Assembly), new ConfigurationManager()));
        app.UseEndpoints(static _ => { });
        var described = await DescribeAsync(app);

        var operations = ((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is { } name && described.ContainsKey(name.EndpointName))
            .Select(endpoint => (Name: endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, Commands: requests.MadeBy(endpoint.Metadata.GetMetadata<MethodInfo>()!).Where(IsCommand).ToList()))
            .ToList();

        Assert.All(operations, operation => Assert.True(
            described[operation.Name] == operation.Commands.Count > 0,
            operation.Commands.Count > 0
                ? $"{operation.Name} sends {string.Join(", ", operation.Commands.Select(static command => command.Name))}, which can lose against a concurrent change, and does not describe 409 {Example}. Is it marked with NeverConflicts, or is its method a safe one?"
                : $"{operation.Name} describes 409 {Example} and sends no command. Mark it with NeverConflicts."));
        // The walk through the code finds what it should: commands that are retried, made by the endpoint itself, by a helper of several endpoints, and by the handler of another request.
        var retried = operations.Where(static operation => operation.Commands.Exists(static command => command.GetCustomAttribute<RetryOnConflictAttribute>() is not null)).Select(static operation => operation.Name).ToList();
        Assert.True(retried.Count > 50, $"Only {retried.Count} operations send a command that is retried.");
        Assert.Subset(retried.ToHashSet(), new HashSet<string> { "ChangePassword", "ChangeZone", "PlaceOrder", "AddBasketLine", "ReceiveStripeWebhook" });
        Assert.Contains(operations, static operation => operation.Commands.Count == 0);
    }

    private static bool IsCommand(Type request) => request.GetInterfaces().Any(static contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(ICommand<>));

    private static async Task<Dictionary<string, bool>> DescribeAsync(WebApplication app)
    {
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
        return document.Paths.Values.SelectMany(static path => path.Operations!.Values)
            .ToDictionary(static operation => operation.OperationId!, static operation => operation.Responses!.GetValueOrDefault("409")?.Content?.Values.Any(static form => form.Examples?.ContainsKey(Example) == true) == true);
    }
}
