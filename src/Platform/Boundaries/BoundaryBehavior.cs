using MediatR;

namespace ModularMonolith.Platform.Boundaries;

/// <summary>Notes which module sends a request to which other one, and enters the one that answers.</summary>
internal sealed class BoundaryBehavior<TRequest, TResponse>(CurrentModule current, MessageOwners owners, ObservedEdges edges) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        var sender = current.Find();
        var answering = owners.Answering(typeof(TRequest));
        return sender is not null && sender == answering ? next() : CrossAsync();

        async Task<TResponse> CrossAsync()
        {
            if (sender is not null)
            {
                edges.Request(sender, typeof(TRequest));
            }

            current.Enter(answering);
            return await next();
        }
    }
}
