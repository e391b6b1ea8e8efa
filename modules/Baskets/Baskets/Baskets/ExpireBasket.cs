using FluentValidation;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>Removes the row of a basket that has expired, was deleted or was ordered. Every basket has a timer that sends it; one that was changed meanwhile is left alone.</summary>
[RetryOnConflict]
[Timer("expire-basket")]
internal sealed record ExpireBasket(string BasketId) : ICommand
{
    private const int GraceMinutes = 10;

    /// <summary>
    /// Gives baskets of the version before, which had no timers, theirs. What a host of that version leaves behind is gone for everybody all the same, and is
    /// removed after the next migration.
    /// </summary>
    public static string TimersOfOlderBaskets { get; } = $$"""
        insert into log_timer (id, name, payload, headers, due_at, next_attempt_at)
        select encode(decode(translate(id, '-_', '+/') || '==', 'base64'), 'hex')::uuid, 'expire-basket', jsonb_build_object('basketId', id), '{}'::jsonb,
               expires_at + interval '{{GraceMinutes}} minutes', expires_at + interval '{{GraceMinutes}} minutes'
        from mt_doc_basket where id ~ '^[A-Za-z0-9_-]+$' and length(id) = 22
        on conflict (id) do nothing
        """;

    /// <summary>A change that was read just before the end may still be on its way to the database.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(GraceMinutes);
}

internal sealed class ExpireBasketValidator : AbstractValidator<ExpireBasket>
{
    public ExpireBasketValidator() => RuleFor(command => command.BasketId).Must(BasketId.IsWellFormed);
}

internal sealed class ExpireBasketHandler(IModuleSession<IBasketsStore> session, TimeProvider time) : IRequestHandler<ExpireBasket, Unit>
{
    public async Task<Unit> Handle(ExpireBasket request, CancellationToken cancellationToken)
    {
        var ended = time.GetUtcNow() - ExpireBasket.Grace;
        var basket = await session.Documents.LoadAsync<Basket>(request.BasketId, cancellationToken);
        if (basket?.ExpiresAt > ended)
        {
            // It was changed since, or the clock was set back.
            session.Schedule(BasketId.ToTimerId(basket.Id), basket.ExpiresAt + ExpireBasket.Grace, request);
        }
        else if (basket is not null)
        {
            session.Documents.DeleteWhere<Basket>(stored => stored.Id == basket.Id && stored.ExpiresAt <= ended);
        }

        return Unit.Value;
    }
}
