/// A global that is not among those of weights files.
struct StrangeGlobal: Error {
    let name: String

    /// The refusal, with the way out where there is one.
    func refusal(of file: String) -> ModelFileError {
        if name.hasPrefix("torch."), name.hasSuffix("Storage") {
            return ModelFileError(
                file, "has numbers of a type that weights do not have, \(name.quoted); expected \(ElementType.names)")
        }
        var problem =
            "its pickle wants to run \(name.quoted), which is refused; expected a state dictionary and nothing else"
        if name.hasPrefix("fastai.") {
            problem += """
                ; fastai's export holds code, so turn it into weights in Python: l = load_learner('export.pkl'); \
                safetensors.torch.save_file(l.model.state_dict(), 'model.safetensors'); \
                open('vocab.txt', 'w').write('\\n'.join(l.dls.vocab))
                """
        } else if name.contains("torchvision.models") || name.hasPrefix("timm.") || name.hasPrefix("torch.nn.") {
            problem += "; save the model's state_dict() instead of the model"
        } else {
            problem += "; save the weights alone, as torch.save(checkpoint['state_dict'], 'weights.pth')"
        }
        return ModelFileError(file, problem)
    }
}
