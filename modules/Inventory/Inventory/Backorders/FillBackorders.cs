using FluentValidation;
using MediatR;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Inventory.Backorders;

/// <summary>Goes on giving waiting orders of a SKU what has come, when more wait than one transaction serves.</summary>
[RetryOnConflict]
[Timer("fill-backorders")]
internal sealed record FillBackorders(string Sku) : ICommand;

internal sealed class FillBackordersValidator : AbstractValidator<FillBackorders>
{
    public FillBackordersValidator() => RuleFor(command => command.Sku).IsSku();
}

internal sealed class FillBackordersHandler(StockLocks locks) : IRequestHandler<FillBackorders, Unit>
{
    public async Task<Unit> Handle(FillBackorders request, CancellationToken cancellationToken)
    {
        var stock = await locks.LockAsync([], [request.Sku], cancellationToken);
        await locks.SettleAsync(stock, cancellationToken);
        return Unit.Value;
    }
}
