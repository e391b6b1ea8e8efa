using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Returns.Requests;

/// <summary>Sent when an approved return was not received in time.</summary>
[Timer("expire-return")]
[RetryOnConflict]
internal sealed record ExpireReturn(Guid ReturnId) : ICommand;

internal sealed class ExpireReturnHandler(ReturnDesk desk, TimeProvider time) : IRequestHandler<ExpireReturn, Unit>
{
    public async Task<Unit> Handle(ExpireReturn request, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(request.ReturnId, cancellationToken) is { } open && ReturnTransitions.Allows(open.Return.Status, ReturnAction.Expire))
        {
            open.Stream.AppendOne(new ReturnExpired(time.GetUtcNow()));
            await desk.GiveBackAsync(open.Return, cancellationToken);
        }

        return Unit.Value;
    }
}
