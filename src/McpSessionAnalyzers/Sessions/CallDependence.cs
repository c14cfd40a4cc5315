using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// On which parameters of the call it depends which session an opening opens: those that reach its transport or options, through locals
/// and what is written into them. What only feeds a tool call, a log or the token is no such dependence.
/// </summary>
internal sealed class CallDependence
{
    private readonly MemberBody _body;
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private readonly List<IParameterSymbol> _parameters = new();

    private CallDependence(MemberBody body) => _body = body;

    /// <summary>The deciding parameters, in the order in which they are met.</summary>
    public IReadOnlyList<IParameterSymbol> Parameters => _parameters;

    /// <summary>
    /// Those whose values tell the sessions apart that are to be kept: a tenant, say, and not the application's configuration, nor a transport or options,
    /// which a container hands out.
    /// </summary>
    public IReadOnlyList<IParameterSymbol> Keys =>
        _parameters.Where(parameter => !ApplicationServices.Fill(parameter) && !KnownCalls.IsInNamespace(parameter.Type, "ModelContextProtocol")).ToList();

    /// <summary>The parameter that is itself the transport, or makes it: whoever passes it answers for the session.</summary>
    public IParameterSymbol? TransportParameter { get; private set; }

    public static CallDependence Of(Opening opening, MemberBody body)
    {
        var dependence = new CallDependence(body);
        foreach (var part in opening.Path.Insert(0, opening))
        {
            // A local function or lambda of this member sees the parameters around it; a helper elsewhere does not.
            if (ReferenceEquals(part, opening) || IsIn(part.Operation, body))
            {
                foreach (var input in part.Inputs)
                {
                    dependence.Visit(input);
                }
            }
        }

        dependence.TransportParameter = opening.Transport is { } transport ? dependence.ParameterBehind(transport) : null;
        return dependence;
    }

    private static bool IsIn(IOperation operation, MemberBody body) => ReferenceEquals(body.Find(operation.Syntax), operation);

    private void Visit(IOperation expression)
    {
        foreach (var operation in expression.DescendantsAndSelf())
        {
            switch (operation)
            {
                // servers.First(s => s.Name == name): what the lambda is given comes from the sequence, which is met by itself.
                case IParameterReferenceOperation parameter when !IsOfLambdaIn(expression, parameter):
                    VisitParameter(parameter.Parameter);
                    break;
                case ILocalReferenceOperation local when _visited.Add(local.Local):
                    VisitLocal(local.Local);
                    break;
            }
        }
    }

    private static bool IsOfLambdaIn(IOperation expression, IParameterReferenceOperation reference)
    {
        for (IOperation? current = reference; current is not null && current != expression.Parent; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation lambda && SymbolEqualityComparer.Default.Equals(lambda.Symbol, reference.Parameter.ContainingSymbol))
            {
                return true;
            }
        }

        return false;
    }

    private void VisitParameter(IParameterSymbol parameter)
    {
        if (IsOfCall(parameter) && !IsPlumbing(parameter.Type) && _visited.Add(parameter))
        {
            _parameters.Add(parameter);
            VisitWrites(parameter);
        }
    }

    private void VisitLocal(ILocalSymbol local)
    {
        foreach (var value in LocalValues.Of(local, _body))
        {
            Visit(LocalValues.DecidedBy(value));
        }

        // var (command, arguments) = For(tenant);
        foreach (var part in _body.ReferencesTo(local).Select(reference => reference.Parent).OfType<ITupleOperation>())
        {
            if (LocalValues.DecidedBy(part) is var whole && whole != part)
            {
                Visit(whole);
            }
        }

        // if (Find(tenant) is { } transport)
        if (!_body.Declarators(local).Any() && local.Locations is { Length: > 0 } locations)
        {
            foreach (var test in _body.Root.Descendants().OfType<IIsPatternOperation>().Where(test => test.Pattern.Syntax.Span.Contains(locations[0].SourceSpan)))
            {
                Visit(test.Value);
            }
        }

        foreach (var loop in _body.Loops)
        {
            if (loop.Locals.Contains(local, SymbolEqualityComparer.Default))
            {
                Visit(loop.Collection);
            }
        }

        VisitWrites(local);
    }

    /// <summary><c>options.Headers["Authorization"] = token;</c> and <c>headers.Add("…", token);</c> decide as much as an initializer.</summary>
    private void VisitWrites(ISymbol symbol)
    {
        foreach (var reference in _body.ReferencesTo(symbol))
        {
            var current = reference;
            while (current.Parent is IMemberReferenceOperation member && member.Instance == current)
            {
                current = member;
            }

            if (current.Parent is IAssignmentOperation assignment && assignment.Target == current && current != reference)
            {
                Visit(assignment.Value);
            }
            else if (current.Parent is IInvocationOperation { Parent: IExpressionStatementOperation } invocation && invocation.Instance == current)
            {
                foreach (var argument in invocation.Arguments)
                {
                    Visit(argument.Value);
                }
            }
        }
    }

    private IParameterSymbol? ParameterBehind(IOperation expression)
    {
        for (var hops = 0; hops < 8; hops++)
        {
            expression = LocalValues.Unwrap(expression);
            switch (expression)
            {
                case IParameterReferenceOperation parameter:
                    return IsOfCall(parameter.Parameter) ? parameter.Parameter : null;
                case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: { } factory }:
                    expression = factory;
                    continue;
                case ILocalReferenceOperation local when LocalValues.Of(local.Local, _body) is { Count: 1 } values:
                    expression = values[0];
                    continue;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>A constructor's parameter (a primary constructor's too) belongs to the instance, not to the call.</summary>
    private static bool IsOfCall(IParameterSymbol parameter) => parameter.ContainingSymbol is IMethodSymbol { MethodKind: not MethodKind.Constructor };

    private static bool IsPlumbing(ITypeSymbol type) =>
        type.Name is "CancellationToken" or "ILogger" or "ILoggerFactory" or "IServiceProvider" or "ResilienceContext";
}
