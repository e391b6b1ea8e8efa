using FluentValidation;
using MediatR;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Reservations;

internal sealed class ReserveStockValidator : AbstractValidator<ReserveStock>
{
    public const int LongestHours = 24;

    public ReserveStockValidator(TimeProvider time)
    {
        RuleFor(command => command.ReservationId).NotEmpty();
        RuleFor(command => command.Lines).NotEmpty()
            .Must(static lines => lines is null || lines.Count <= 200).WithMessage("A reservation has at most 200 lines.")
            .Must(static lines => lines is null || lines.DistinctBy(static line => line.Sku).Count() == lines.Count).WithMessage("Name each SKU once.");
        RuleForEach(command => command.Lines).ChildRules(static line =>
        {
            line.RuleFor(static item => item.Sku).IsSku();
            line.RuleFor(static item => item.Quantity).IsQuantity();
        });
        RuleFor(command => command.Destination!).SetValidator(new StockDestinationValidator()).When(static command => command.Destination is not null);
        RuleFor(command => command.ExpiresAt)
            .Must(expiresAt => expiresAt > time.GetUtcNow()).WithMessage("The reservation would be over before it begins.")
            .Must(expiresAt => expiresAt <= time.GetUtcNow().AddHours(LongestHours)).WithMessage($"A reservation lasts at most {LongestHours} hours.");
    }
}

internal sealed class StockDestinationValidator : AbstractValidator<StockDestination>
{
    public StockDestinationValidator()
    {
        RuleFor(place => place.Country).NotEmpty().MaximumLength(2);
        RuleFor(place => place.Region).MaximumLength(10);
        RuleFor(place => place.PostalCode).MaximumLength(20);
        RuleFor(place => place.Latitude).InclusiveBetween(-90, 90);
        RuleFor(place => place.Longitude).InclusiveBetween(-180, 180);
    }
}

internal sealed class ReserveStockHandler(IModuleSession<IInventoryStore> session, StockLocks locks, LocationDirectory locations, TimeProvider time) : IRequestHandler<ReserveStock, StockReservation>
{
    private static readonly StockReservation Reserved = new(true, []);

    public async Task<StockReservation> Handle(ReserveStock request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var former = Task.FromResult<Reservation?>(null);
        var found = await SkuStock.FindAsync(
            session.Documents, request.Lines.Select(static line => line.Sku), locations, cancellationToken, batch => former = batch.Load<Reservation>(request.ReservationId));
        if (await former is { } known)
        {
            return Repeat(known, request, now);
        }

        // Whoever asks for what is sold out is refused here without waiting for the lock that all buyers of a popular SKU want.
        var missing = found.ShortOf(request.Lines, now);
        if (missing.Count > 0)
        {
            return await RefuseAsync(request, missing, now, cancellationToken);
        }

        var stock = await locks.LockAsync(found.Items.Select(static item => item.Id), found.Ledgers, cancellationToken);
        if (stock.HoldsAny(request.ReservationId) && await FindRepeatedAsync(request, now, cancellationToken) is { } meanwhile)
        {
            return meanwhile;
        }

        missing = stock.ShortOf(request.Lines);
        if (missing.Count > 0)
        {
            return await RefuseAsync(request, missing, now, cancellationToken);
        }

        var expiresAt = request.ExpiresAt.ToUniversalTime();
        session.Documents.Insert(new Reservation
        {
            Id = request.ReservationId,
            Status = ReservationStatus.Active,
            ExpiresAt = expiresAt,
            Lines = stock.Reserve(request.Lines, request.ReservationId, expiresAt, request.Destination),
        });
        session.Schedule(request.ReservationId, expiresAt, new ExpireReservation(request.ReservationId));
        await locks.SettleAsync(stock, cancellationToken);
        return Reserved;
    }

    // What is missing may be held by this very reservation, made by the same request sent twice at once.
    private async Task<StockReservation> RefuseAsync(ReserveStock request, IReadOnlyList<ShortLine> missing, DateTimeOffset now, CancellationToken cancellationToken) =>
        await FindRepeatedAsync(request, now, cancellationToken) ?? new StockReservation(false, missing);

    private async Task<StockReservation?> FindRepeatedAsync(ReserveStock request, DateTimeOffset now, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Reservation>(request.ReservationId, cancellationToken) is { } known ? Repeat(known, request, now) : null;

    private static StockReservation Repeat(Reservation known, ReserveStock request, DateTimeOffset now)
    {
        var isAlive = known.Status == ReservationStatus.Committed || (known.Status == ReservationStatus.Active && known.ExpiresAt > now);
        if (!isAlive)
        {
            throw new ProblemException(InventoryProblems.ReservationEnded, $"The reservation {known.Id} is over. Reserve again under a new id.");
        }

        return known.Totals().ToHashSet().SetEquals(request.Lines)
            ? Reserved
            : throw new ProblemException(InventoryProblems.ReservationEnded, $"The reservation {known.Id} was made for other lines. Reserve these under a new id.");
    }
}
