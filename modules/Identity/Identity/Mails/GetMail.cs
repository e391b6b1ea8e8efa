using MediatR;
using ModularMonolith.Identity.Contracts;

namespace ModularMonolith.Identity.Mails;

internal sealed class GetMailHandler(MailLinks links) : IRequestHandler<GetMail, Mail?>
{
    public async Task<Mail?> Handle(GetMail request, CancellationToken cancellationToken) =>
        await links.FindAsync(request.MailId, cancellationToken) is { } link ? await links.ReadAsync(link, cancellationToken) : null;
}
