namespace ModularMonolith.Analyzers.Tests;

/// <summary>Where the parts of use cases stand and what they are called. The first line of a source says where it stands.</summary>
public sealed class UseCaseTests
{
    private const string Module = """
        // OrderingModule.cs
        using Marten;
        using ModularMonolith.Platform.Modules;

        namespace ModularMonolith.Ordering;

        internal interface IOrderingStore : IDocumentStore;

        [Module("ordering", Owner = "team", Purpose = "Orders.")]
        internal sealed class OrderingModule : IModule
        {
            public void Configure(ModuleBuilder module) => module.ToString();
        }
        """;

    private const string Usings = """

        using Carter;
        using FluentValidation;
        using MediatR;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Routing;
        using ModularMonolith.Platform.Contracts;
        using ModularMonolith.Platform.IntegrationLog;

        namespace ModularMonolith.Ordering.Orders;


        """;

    private static readonly AnalyzedModule Slice = new() { IsWhole = true };

    private static readonly AnalyzedModule Contracts = new() { IsWhole = true, Name = "Ordering.Contracts" };

    [Fact]
    public Task A_use_case_in_its_file_is_not_reported() => Slice.ReportsAsync(Module, "// Orders/PlaceOrder.cs" + Usings + """
        internal sealed record PlaceOrder(string Basket) : ICommand<string>;

        internal sealed class PlaceOrderValidator : AbstractValidator<PlaceOrder>
        {
            public PlaceOrderValidator() => RuleFor(static command => command.Basket).MaximumLength(10);
        }

        internal sealed class PlaceOrderEndpoint : ICarterModule
        {
            public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/orders", static () => "none");
        }

        internal sealed class PlaceOrderHandler : IRequestHandler<PlaceOrder, string>
        {
            public Task<string> Handle(PlaceOrder request, CancellationToken cancellationToken) => Task.FromResult(request.Basket);
        }

        internal sealed record CheckBasket(string Basket) : ICommand<string>;

        internal sealed class CheckBasketHandler : IRequestHandler<CheckBasket, string>
        {
            public Task<string> Handle(CheckBasket request, CancellationToken cancellationToken) => Task.FromResult(request.Basket);
        }
        """);

    [Fact]
    public Task A_step_that_another_file_sends_is_no_step() => Slice.ReportsAsync(
        Module,
        "// Orders/PlaceOrder.cs" + Usings + """
        internal sealed record PlaceOrder(Guid Basket) : IQuery<string>;

        internal sealed class PlaceOrderHandler : IRequestHandler<PlaceOrder, string>
        {
            public Task<string> Handle(PlaceOrder request, CancellationToken cancellationToken) => Task.FromResult("");
        }

        internal sealed record {|MM0033:CheckBasket|}(Guid Basket) : IQuery<string>;

        internal sealed class {|MM0033:CheckBasketHandler|} : IRequestHandler<CheckBasket, string>
        {
            public Task<string> Handle(CheckBasket request, CancellationToken cancellationToken) => Task.FromResult("");
        }
        """,
        "// Orders/Baskets.cs" + Usings + """
        internal sealed class Baskets(ISender sender)
        {
            public Task<string> CheckAsync(Guid basket) => sender.Send(new CheckBasket(basket));
        }
        """);

    [Fact]
    public Task Parts_of_a_use_case_that_are_shaped_otherwise_are_reported() => Slice.ReportsAsync(Module, "// Orders/PlaceOrder.cs" + Usings + """
        internal sealed record {|MM0031,MM0032:PlaceOrder|}(string Basket) : ICommand<string>;

        internal sealed class {|MM0025,MM0026:Orders|}(TimeProvider time) : ICarterModule
        {
            public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet({|MM0027:"/api/ordering/orders"|}, () => time);
        }

        internal static class Around
        {
            internal sealed class {|MM0024:PlaceOrderHandler|} : IRequestHandler<PlaceOrder, string>
            {
                public Task<string> Handle(PlaceOrder request, CancellationToken cancellationToken) => Task.FromResult(request.Basket);
            }
        }

        internal class {|MM0006,MM0024,MM0025:PlaceOrderAgain|} : IRequestHandler<PlaceOrder, string>
        {
            public Task<string> Handle(PlaceOrder request, CancellationToken cancellationToken) => Task.FromResult(request.Basket);
        }
        """);

    [Fact]
    public async Task A_request_that_nobody_handles_is_reported_with_the_number()
    {
        var messages = await Slice.MessagesAsync(Module, "// Orders/GetOrder.cs" + Usings + "internal sealed record GetOrder(Guid Id) : IQuery<string>;");

        Assert.StartsWith("GetOrder has 0 handlers. Write the handler in the request's file", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public Task A_command_of_ids_and_choices_needs_no_validator() => Slice.ReportsAsync(Module, "// Orders/CloseOrder.cs" + Usings + """
        internal enum Reason { Paid, Lost }

        internal sealed record CloseOrder(Guid Id, Reason? Reason, DateTimeOffset At, bool IsSure) : ICommand<string>
        {
            public string? ExpectedVersion { get; init; }
        }

        internal sealed class CloseOrderHandler : IRequestHandler<CloseOrder, string>
        {
            public Task<string> Handle(CloseOrder request, CancellationToken cancellationToken) => Task.FromResult("");
        }
        """);

    [Fact]
    public Task Reactions_have_subscriptions_and_files_of_their_own() => Slice.ReportsAsync(
        Module,
        "// Orders/WhenOrderLost.cs" + Usings + """
        [EventName("ordering.order-lost")]
        internal sealed record {|MM0028:OrderLost|}(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        [EventName("ordering.order-found")]
        internal sealed record {|MM0028:OrderFound|}(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        [Subscription("search-for-it")]
        internal sealed class WhenOrderLost : IHandle<OrderLost>
        {
            public Task HandleAsync(OrderLost integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
        }

        internal sealed class {|MM0030,MM0034:WhenOrderFound|} : IHandle<OrderFound>
        {
            public Task HandleAsync(OrderFound integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """,
        "// Orders/WhenAnything.cs" + Usings + """
        [Subscription("anything")]
        internal sealed class {|MM0030:WhenAnything|} : IHandle<OrderLost>, IHandle<OrderFound>
        {
            public Task HandleAsync(OrderLost integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;

            public Task HandleAsync(OrderFound integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Subscriptions_do_not_share_names() => Slice.ReportsAsync(
        Module,
        "// Orders/WhenOne.cs" + Usings + """
        [Subscription("same")]
        internal sealed class {|MM0030:WhenOne|} : IHandle<IIntegrationEvent>
        {
            public Task HandleAsync(IIntegrationEvent integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """,
        "// Orders/WhenTwo.cs" + Usings + """
        [Subscription("same")]
        internal sealed class {|MM0030:WhenTwo|} : IHandle<IIntegrationEvent>
        {
            public Task HandleAsync(IIntegrationEvent integrationEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task Stored_names_of_events_are_unique() => Contracts.ReportsAsync("""
        // OrderPlaced.cs
        using ModularMonolith.Platform.Contracts;

        namespace ModularMonolith.Ordering.Contracts;

        [EventName("ordering.order-placed")]
        public sealed record {|MM0029:OrderPlaced|}(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        [EventName("ordering.order-placed")]
        public sealed record {|MM0029:OrderSubmitted|}(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }

        [EventName("ordering.order-shipped")]
        public sealed record OrderShipped(string Id) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => Id;
        }
        """);

    [Fact]
    public Task A_handler_in_Contracts_is_reported() => Contracts.ReportsAsync("""
        // OrderPlacedHandler.cs
        using ModularMonolith.Platform.Contracts;

        namespace ModularMonolith.Ordering.Contracts;

        public sealed record GetOrder(Guid Id) : IQuery<string>;

        internal sealed class {|MM0024:GetOrderHandler|} : MediatR.{|MM0003:IRequestHandler<GetOrder, string>|}
        {
            public Task<string> {|MM0003:Handle|}(GetOrder request, CancellationToken cancellationToken) => Task.FromResult("");
        }
        """);

    [Fact]
    public Task Names_that_say_nothing_and_folders_of_layers_are_reported() => Slice.ReportsAsync(
        Module,
        """
        {|MM0039:|}// Services/All.cs
        namespace ModularMonolith.Ordering.Services;

        internal sealed class {|MM0040:OrderManager|};

        internal abstract class {|MM0040:OrderBase|};

        internal sealed class BasePrice;
        """,
        """
        // Services/Second.cs
        namespace ModularMonolith.Ordering.Orders;

        internal sealed class {|MM0038:Second|}
        {
            internal sealed class Inner;
        }
        """);

    [Fact]
    public Task A_manifest_without_a_purpose_is_reported() => Slice.ReportsAsync("""
        // OrderingModule.cs
        using ModularMonolith.Platform.Modules;

        namespace ModularMonolith.Ordering;

        [Module("ordering", Owner = "team", Purpose = " ")]
        internal sealed class {|MM0041:OrderingModule|} : IModule
        {
            public void Configure(ModuleBuilder module) => module.ToString();
        }
        """);

    [Fact]
    public async Task A_slice_without_a_manifest_is_reported_without_a_place()
    {
        var messages = await Slice.MessagesAsync("// Orders/Order.cs\nnamespace ModularMonolith.Ordering.Orders;\n\ninternal sealed class Order;");

        Assert.StartsWith("Ordering has 0 module class(es) and no manifest. Add one class", Assert.Single(messages), StringComparison.Ordinal);
    }
}
