using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Returns.Requests;

/// <summary>Asks to return goods of an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Lines">What, each variant once.</param>
[RetryOnConflict]
internal sealed record RequestReturn(Guid OrderId, IReadOnlyList<AskedLine> Lines) : ICommand<Versioned<ReturnView>>;

/// <summary>What is to be returned of one variant.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Reason">Why.</param>
/// <param name="Note">In the customer's words; at most 500 characters.</param>
/// <param name="ExchangeFor">The variant that is wanted instead of the money: the same one, or another one that is sold at the price that was ordered at.</param>
internal sealed record AskedLine(Guid VariantId, int Quantity, ReturnReason Reason, string? Note = null, Guid? ExchangeFor = null);

internal sealed class RequestReturnValidator : AbstractValidator<RequestReturn>
{
    private const int MostLines = 500;
    private const int HighestQuantity = 1_000_000_000;
    private const int LongestNote = 500;

    public RequestReturnValidator()
    {
        RuleFor(command => command.Lines).Must(static lines => lines.Count is >= 1 and <= MostLines).WithMessage($"A return has 1 to {MostLines} lines.");
        RuleFor(command => command.Lines).Must(static lines => lines.Where(static line => line is not null).DistinctBy(static line => line.VariantId).Count() == lines.Count).WithMessage("Name each variant once.");
        RuleForEach(command => command.Lines).NotNull().ChildRules(static line =>
        {
            line.RuleFor(asked => asked.Quantity).InclusiveBetween(1, HighestQuantity);
            line.RuleFor(asked => asked.Reason).IsInEnum();
            line.RuleFor(asked => asked.Note).MaximumLength(LongestNote).NoNul();
        });
    }
}

internal sealed class RequestReturnEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/returns", static async (RequestReturn body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var requested = await sender.Send(body, cancellationToken);
            return requested.Created(http, "/api/returns/returns/" + requested.View.Id);
        })
        .RequireSubject()
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("RequestReturn")
        .WithSummary("Asks to return goods of an own order that have arrived, for their money or in exchange. The staff can ask for anybody's, also when the time to return them is over.")
        .Produces<ReturnView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class RequestReturnHandler(
    IModuleSession<IReturnsStore> session, ReturnableGoods goods, ReturnDesk desk, ISender sender, ReturnsSettings settings, TimeProvider time) : IRequestHandler<RequestReturn, Versioned<ReturnView>>
{
    private const int MostWishes = 100;

    public async Task<Versioned<ReturnView>> Handle(RequestReturn request, CancellationToken cancellationToken)
    {
        // The claims first: whoever has returned something since then makes this fail and run again.
        var claims = await OrderReturns.LoadAsync(session.Documents, request.OrderId, cancellationToken);
        var order = await goods.RequireAsync(request.OrderId, cancellationToken);
        Refuse(request, order, claims);

        var wanted = await WantedAsync(request, cancellationToken);
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var bought = order.Lines.ToDictionary(static line => line.VariantId);
        var lines = request.Lines.Select(line => new RequestedReturnLine(
            line.VariantId, bought[line.VariantId].Sku, bought[line.VariantId].Title, line.Quantity, line.Reason, line.Note, wanted.GetValueOrDefault(line.VariantId))).ToList();
        var requested = new ReturnRequested(order.OrderId, order.Owner, order.Lines[0].Paid.Currency, lines, now);
        var view = Return.Create(requested);
        view.Id = id;
        List<object> events = [requested];
        if (settings.ApprovesAll)
        {
            var approved = desk.Approval(id);
            view.Apply(approved);
            events.Add(approved);
        }

        session.Events.StartStream<Return>(id, [.. events]);
        claims.Write(session.Documents, id, lines.Select(line => new ReturnClaim(id, line.VariantId, line.Quantity, false)));
        return new Versioned<ReturnView>(ReturnView.Of(view), events.Count);
    }

    private async Task<Dictionary<Guid, ExchangeGoods>> WantedAsync(RequestReturn request, CancellationToken cancellationToken)
    {
        var wishes = request.Lines.Where(static line => line.ExchangeFor is not null).Select(static line => new ExchangeWish(line.VariantId, line.ExchangeFor!.Value, line.Quantity)).ToList();
        if (wishes.Count == 0)
        {
            return [];
        }

        var offers = new List<ExchangeOffer>();
        foreach (var some in wishes.Chunk(MostWishes))
        {
            offers.AddRange(await sender.Send(new GetExchangeGoods(request.OrderId, some), cancellationToken));
        }

        var refused = offers.Where(static offer => offer.Goods is null).Select(static offer => new { offer.VariantId, Reason = offer.Refusal }).ToList();
        return refused.Count == 0
            ? offers.ToDictionary(static offer => offer.VariantId, static offer => offer.Goods!)
            : throw new ProblemException(ReturnsProblems.ExchangeNotPossible, $"{refused.Count} line(s) cannot be exchanged for what is wanted; lines says why.").With("lines", refused);
    }

    private void Refuse(RequestReturn request, ReturnableOrder order, OrderReturns claims)
    {
        var refused = request.Lines
            .Select(line => (Asked: line, Found: goods.Of(order.Lines.FirstOrDefault(bought => bought.VariantId == line.VariantId), claims)))
            .Where(static pair => pair.Asked.Quantity > pair.Found.Quantity)
            .Select(static pair => new { pair.Asked.VariantId, Requested = pair.Asked.Quantity, Returnable = pair.Found.Quantity, Reason = pair.Found.Reason ?? "The rest is in a return already, or was never sent." })
            .ToList();
        if (refused.Count > 0)
        {
            throw new ProblemException(ReturnsProblems.NotReturnable, $"{refused.Count} line(s) cannot be returned as asked for; lines says why.").With("lines", refused);
        }
    }
}
