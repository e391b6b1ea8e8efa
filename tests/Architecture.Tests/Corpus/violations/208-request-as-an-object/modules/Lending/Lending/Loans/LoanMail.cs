using MediatR;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanMail(ISender sender)
{
    public Task<object?> AskAsync(object request, CancellationToken cancellationToken)
    {
        return sender.Send(request, cancellationToken); // finds: no-dynamic "sends what only the running program knows"
    }
}
