using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Architecture.Tests;

/// <summary>The description of each operation has the refusals that the code behind it can answer, found in the compiled code.</summary>
[Collection(WholeHosts.Name)]
public sealed class DescribedRefusalTests(DescribedRefusalTests.Walk walk) : IClassFixture<DescribedRefusalTests.Walk>
{
    private const string Conflict = "concurrent-change";

    private const string ShowsProblems = "It shows what keeps the basket from being ordered, and refuses nothing.";
    private const string AppliesStored = "It applies events that are stored, which the table of the states has allowed.";
    private const string AnswersEach = "Each item of a bulk is answered by itself.";

    /// <summary>What the code reaches and the operation never answers.</summary>
    private static readonly Dictionary<(string Operation, string Problem), string> NeverAnswered = new()
    {
        [("GetBasket", "currency-mismatch")] = ShowsProblems,
        [("GetBasket", "variant-unpublished")] = ShowsProblems,
        [("GetBasket", "not-enough-stock")] = ShowsProblems,
        [("GetOrder", "illegal-state")] = AppliesStored,
        [("GetOrderHistory", "illegal-state")] = AppliesStored,
        [("GetOrderTimeline", "illegal-state")] = AppliesStored,
        [("ListOrderNotes", "illegal-state")] = AppliesStored,
        [("GetOrderQuote", "illegal-state")] = AppliesStored,
        [("GetOrderQuote", "price-missing")] = "A quote that cannot be computed again is answered as not reproduced.",
        [("GetOrderQuote", "amount-too-large")] = "A quote that cannot be computed again is answered as not reproduced.",
        [("AdjustManyStocks", "not-found")] = AnswersEach,
        [("PutManyPolicies", "precondition-failed")] = AnswersEach,
        [("ImportProducts", "import-expired")] = "The import that runs later is refused with it, and its report says so.",
    };

    private static readonly string[] Platforms = ["ModularMonolith.Platform", "ModularMonolith.Platform.Contracts", "ModularMonolith.Bridge"];

    /// <summary>A command that loses against a concurrent change, and goes on losing where it is tried again, is answered with 409.</summary>
    [Fact]
    public async Task Every_operation_that_sends_a_command_describes_a_conflict_and_no_other_does()
    {
        var operations = await walk.Operations;

        Assert.All(operations, static operation => Assert.True(
            operation.Describes(Conflict) == operation.Commands.Count > 0,
            operation.Commands.Count > 0
                ? $"{operation.Name} sends {string.Join(", ", operation.Commands.Select(static command => command.Name))}, which can lose against a concurrent change, and does not describe 409 {Conflict}. Is it marked with NeverConflicts, or is its method a safe one?"
                : $"{operation.Name} describes 409 {Conflict} and sends no command. Mark it with NeverConflicts."));
        // The walk through the code finds what it should: commands that are retried, made by the endpoint itself, by what endpoints share, by a reader of JSON, and by the handler of another request.
        var retried = operations.Where(static operation => operation.Commands.Any(static command => command.GetCustomAttribute<RetryOnConflictAttribute>() is not null)).Select(static operation => operation.Name).ToHashSet();
        Assert.True(retried.Count > 50, $"Only {retried.Count} operations send a command that is retried.");
        Assert.Superset(new HashSet<string> { "ChangePassword", "ChangeZone", "PlaceOrder", "AddBasketLine", "ReceiveStripeWebhook", "ReceiveCarrierEvent", "CancelCheckout" }, retried);
        Assert.Contains(operations, static operation => operation.Commands.Count == 0);
    }

    [Fact]
    public async Task Every_kind_of_problem_that_the_code_behind_an_operation_refuses_with_has_its_status_in_the_description()
    {
        var operations = await walk.Operations;

        var missing = operations.SelectMany(static operation => operation.Missing.Select(problem => (Operation: operation.Name, Problem: problem))).ToList();

        Assert.All(missing.Where(static found => !NeverAnswered.ContainsKey((found.Operation, found.Problem.Name))), static found =>
            Assert.Fail($"{found.Operation} can refuse with {found.Problem.Status} {found.Problem.Name} and does not say so. Add ProducesProblem({found.Problem.Status}), or, where it never answers it, a line here with the reason."));
        var left = NeverAnswered.Keys.Except(missing.Select(static found => (found.Operation, found.Problem.Name)));
        Assert.True(!left.Any(), $"Not needed any more: {string.Join(", ", left)}.");
        Assert.True(operations.Sum(static operation => operation.Problems.Count) > 500, "The walk through the code finds hardly anything.");
    }

    private static bool IsCommand(Type request) => request.GetInterfaces().Any(static contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(ICommand<>));

    /// <param name="Name">The operation's name.</param>
    /// <param name="Answers">What it answers, as described.</param>
    /// <param name="Commands">The commands that it sends.</param>
    /// <param name="Problems">What the code behind it refuses with.</param>
    internal sealed record DescribedCode(string Name, OpenApiResponses Answers, IReadOnlyList<Type> Commands, IReadOnlySet<ProblemType> Problems)
    {
        public IEnumerable<ProblemType> Missing => Problems.Where(problem =>
            !Answers.ContainsKey(problem.Status.ToString(CultureInfo.InvariantCulture))
            // The header may be left out; where it is sent it is read by the same code.
            && !(problem == ProblemTypes.PreconditionRequired && Answers.ContainsKey("412")));

        public bool Describes(string problem) => Answers.Values.SelectMany(static answer => answer.Content?.Values ?? []).Any(form => form.Examples?.ContainsKey(problem) == true);
    }

    /// <summary>The walk through the code behind every operation, made once.</summary>
    public sealed class Walk
    {
        private readonly WholeHost _whole;
        private readonly Lazy<Task<IReadOnlyList<DescribedCode>>> _operations;

        public Walk(WholeHost whole)
        {
            _whole = whole;
            _operations = new(FindAsync);
        }

        internal Task<IReadOnlyList<DescribedCode>> Operations => _operations.Value;

        private async Task<IReadOnlyList<DescribedCode>> FindAsync()
        {
            using var code = new ReachedCode([.. RepositoryUnderTest.Slices, .. RepositoryUnderTest.Contracts, .. Platforms.Select(Assembly.Load)]);
            var document = await _whole.App.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
            var described = document.Paths.Values.SelectMany(static path => path.Operations!.Values).ToDictionary(static operation => operation.OperationId!, static operation => operation.Responses!);
            var operations = new List<DescribedCode>();
            foreach (var endpoint in _whole.Endpoints.OfType<RouteEndpoint>())
            {
                if (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is { } name && described.TryGetValue(name, out var answers))
                {
                    var reached = code.From(endpoint.Metadata.GetMetadata<MethodInfo>()!);
                    operations.Add(new DescribedCode(name, answers, [.. reached.Requests.Where(IsCommand)], reached.Problems));
                }
            }

            Assert.Equal(described.Count, operations.Count);
            return operations;
        }
    }
}
