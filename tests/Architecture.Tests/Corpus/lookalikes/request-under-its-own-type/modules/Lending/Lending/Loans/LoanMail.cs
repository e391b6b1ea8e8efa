using MediatR;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanMail(IMediator mediator)
{
    public Task<ReaderView> ReaderAsync(Guid id, CancellationToken cancellationToken) => mediator.Send(new GetReader(id), cancellationToken);

    public Task<T> AskAsync<T>(IRequest<T> request, CancellationToken cancellationToken) => mediator.Send(request, cancellationToken);
}
